import type { Fault } from '../errors.ts';

/**
 * What is wrong with where an issuer's keys are to be fetched from: whoever can change them on the way can make any
 * token. With `allowLoopback`, for development, http from this very machine will do.
 */
export function keySetFaults(
  { jwksUri }: { readonly jwksUri?: string | undefined },
  allowLoopback: boolean,
): readonly Fault[] {
  if (jwksUri === undefined) return [];
  const { protocol, hostname } = new URL(jwksUri);
  if (protocol === 'https:' || (allowLoopback && LOOPBACK.includes(hostname))) return [];
  return [{ path: ['jwksUri'], message: 'got http, expected https' }];
}

const LOOPBACK: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];
