import { ConfigurationError } from '../functions/core/errors.ts';

/**
 * The definitions in profiles/ (or in another index), loaded when asked for and not when this process starts, so that a file that is no
 * TypeScript is one clear line as well: a `ConfigurationError`.
 */
export async function loadProfileDefinitions(
  index = new URL('./index.ts', import.meta.url),
): Promise<readonly unknown[]> {
  return (await loadIndex(index)).profileDefinitions;
}

/** The shadows in profiles/ (docs/architecture.md); none where the index has none. */
export async function loadShadowProfileDefinitions(
  index = new URL('./index.ts', import.meta.url),
): Promise<readonly unknown[]> {
  return (await loadIndex(index)).shadowProfileDefinitions ?? [];
}

/** What an index exports. */
interface ProfileIndex {
  readonly profileDefinitions: readonly unknown[];
  readonly shadowProfileDefinitions?: readonly unknown[];
}

async function loadIndex(index: URL): Promise<ProfileIndex> {
  try {
    return await import(index.href);
  } catch (cause) {
    const { message, stack = '' } = cause as Error;
    // Of a syntax error only the stack's first line says in which file it is.
    const file = /profiles\/[\w.-]+(?::\d+)?/.exec(stack)?.[0] ?? 'profiles/index.ts';
    throw new ConfigurationError(`${file}: ${message.split('\n').find((line) => line.trim() !== '')}`, {
      cause,
    });
  }
}
