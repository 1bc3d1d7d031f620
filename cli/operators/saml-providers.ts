import { readFile } from 'node:fs/promises';
import type { TenantDefinitionInput } from '../../functions/core/tenant/tenant-definition.ts';
import { UsageError } from '../failure.ts';
import { parsePairs } from '../options.ts';

/** `<provider ARN>=<file>` with the file's metadata in its place; throws `UsageError`. What the metadata says is checked by who stores it. */
export function readSamlProviders(
  option: string,
  texts: readonly string[] | undefined,
): Promise<NonNullable<TenantDefinitionInput['samlProviders']>> {
  return Promise.all(
    parsePairs(option, texts).map(async ([providerArn, file]) => ({
      providerArn,
      metadata: await readFile(file, 'utf8').catch(({ code = 'an error' }: NodeJS.ErrnoException) => {
        throw new UsageError(`${option}: got ${code} for ${file}, expected a file with metadata`);
      }),
    })),
  );
}
