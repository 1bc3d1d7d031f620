import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../apps/child-environment.ts';

/** Where AWS SDKs look for a user's settings: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
export interface AwsFiles {
  readonly config: string;
  readonly credentials: string;
}

/** The two files, as the environment has them. */
export function awsFiles(env: Environment): AwsFiles {
  const home = env['HOME'] || homedir();
  const place = (given: string | undefined, name: string) =>
    given ? given.replace(/^~(?=\/)/, () => home) : join(home, '.aws', name);
  return {
    config: place(env['AWS_CONFIG_FILE'], 'config'),
    credentials: place(env['AWS_SHARED_CREDENTIALS_FILE'], 'credentials'),
  };
}

/** Profiles and their settings, by name, as AWS SDK for JavaScript reads them; none of a file that cannot be read. */
export type AwsProfiles = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

/** What stands in the two files now. */
export async function readAwsFiles({ config, credentials }: AwsFiles): Promise<{
  readonly config: AwsProfiles;
  readonly credentials: AwsProfiles;
}> {
  const { loadSharedConfigFiles } = await import('@smithy/shared-ini-file-loader');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: config,
    filepath: credentials,
    ignoreCache: true,
  });
  return { config: configFile, credentials: credentialsFile };
}
