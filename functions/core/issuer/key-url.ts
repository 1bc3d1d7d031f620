/** As in an issuer's record. */
const MAX_CHARACTERS = 512;

const LOOPBACK: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Why keys, or what says where they are, must not be fetched from a URL; undefined if they may. Whoever can change them on the
 * way can make any token. With `allowLoopback`, for development, http from this very machine will do.
 */
export function keyUrlFault(text: string, allowLoopback: boolean): string | undefined {
  const url = URL.parse(text);
  if (url === null || text.length > MAX_CHARACTERS)
    return `expected a URL of at most ${MAX_CHARACTERS} characters`;
  // `https://idp.example@evil.example` is at evil.example.
  if (url.username !== '' || url.password !== '') return 'got a user name or password, expected none';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && allowLoopback && LOOPBACK.includes(url.hostname)) return undefined;
  return `got ${url.protocol.slice(0, -1)}, expected https`;
}
