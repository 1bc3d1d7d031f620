import { ConfigurationError } from '../functions/core/errors.ts';

/**
 * The definitions in profiles/ (or in another index), loaded when asked for and not when this process starts, so that a file that is no
 * TypeScript is one clear line as well: a `ConfigurationError`.
 */
export async function loadProfileDefinitions(
  index = new URL('./index.ts', import.meta.url),
): Promise<readonly unknown[]> {
  try {
    const { profileDefinitions } = await import(index.href);
    return profileDefinitions;
  } catch (cause) {
    const { message, stack = '' } = cause as Error;
    // Of a syntax error only the stack's first line says in which file it is.
    const file = /profiles\/[\w.-]+(?::\d+)?/.exec(stack)?.[0] ?? 'profiles/index.ts';
    throw new ConfigurationError(`${file}: ${message.split('\n').find((line) => line.trim() !== '')}`, {
      cause,
    });
  }
}
