import { parseArgs } from 'node:util';
import { ConfigurationError } from '../functions/core/errors.ts';
import { parseProfiles } from '../functions/core/profile/profile.ts';
import type { ProveInput } from './proof.ts';
import { type DeployedRoles, proveDeployed } from './prove-deployed.ts';
import { renderProof } from './render-proof.ts';

/** What is proved when a command is given, and over what. */
export interface ProveOptions
  extends Pick<ProveInput, 'ownership' | 'resources' | 'managedPolicies'>,
    DeployedRoles {
  /** As in profiles/index.ts. */
  readonly definitions: readonly unknown[];
}

/** What a command prints, and its exit code: 1 when a profile is not proved, 2 for wrong usage. */
export interface ProveResult {
  readonly code: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

const USAGE = 'usage: npm run prove -- [--json] [profile…]';

/** Proves the profiles that the arguments name, or all. */
export function runProve(args: readonly string[], options: ProveOptions): ProveResult {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const proofs = namedProfiles(positionals, options).flatMap((profile) =>
      proveDeployed(profile, options, options),
    );
    const stdout = values.json
      ? `${JSON.stringify(proofs, undefined, 2)}\n`
      : proofs.map(renderProof).join('\n');
    return { code: proofs.every(({ passed }) => passed) ? 0 : 1, stdout, stderr: '' };
  } catch (cause) {
    // parseArgs throws a TypeError for an option that it does not know.
    if (!(cause instanceof ConfigurationError || cause instanceof TypeError)) throw cause;
    return { code: 2, stdout: '', stderr: `${cause.message}\n${USAGE}\n` };
  }
}

function namedProfiles(names: readonly string[], { definitions, resources }: ProveOptions) {
  const profiles = parseProfiles(definitions, resources);
  const unknown = names.find((name) => !profiles.has(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `profile: got ${unknown}, expected one of ${[...profiles.keys()].join(', ')}`,
    );
  }
  return [...profiles.values()].filter(({ name }) => names.length === 0 || names.includes(name));
}
