import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../failure.ts';
import { type ProcessProfile, putProfile } from './aws-config.ts';
import { type AwsFiles, readAwsFiles } from './aws-files.ts';
import { readTextFile, replaceFile } from './replace-file.ts';

/** A change of the AWS config file that can be shown before it is made. */
export interface ConfigChange {
  /** The file itself, where links lead to it. */
  readonly path: string;
  readonly before: string;
  /** The same as `before` where there is nothing to change. */
  readonly after: string;
  /** Makes it, or throws `UsageError` and leaves the file as it was. */
  readonly write: () => Promise<void>;
}

/** What putting a profile would change. Throws `UsageError` where it would not count, or is somebody else's. */
export async function planProfile(
  profile: ProcessProfile,
  files: AwsFiles,
  options: { readonly replace: boolean },
): Promise<ConfigChange> {
  const { name } = profile;
  const { config, credentials } = await readAwsFiles(files);
  if (credentials[name] !== undefined)
    throw new UsageError(
      `${files.credentials} has a section [${name}], which comes before any in the config: remove it, or choose another --aws-profile`,
    );
  const file = await readTextFile(files.config);
  const after = putProfile(file.text ?? '', profile, options);
  const check = async (written: string) => {
    const read = (await readAwsFiles({ ...files, config: written })).config;
    if (!isDeepStrictEqual(read, { ...config, [name]: settingsOf(profile) }))
      throw new Error('an AWS SDK would not read it as it was meant');
  };
  return { path: file.path, before: file.text ?? '', after, write: () => replaceFile(file, after, check) };
}

function settingsOf({ credentialProcess, region }: ProcessProfile) {
  return { credential_process: credentialProcess, ...(region === undefined ? {} : { region }) };
}
