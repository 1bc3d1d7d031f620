import type { Fault } from '../errors.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { keyUrlFault } from '../issuer/key-url.ts';

/**
 * What is wrong with where an issuer's keys are to be fetched from. With `allowLoopback`, for development, http from this
 * very machine will do.
 */
export function keySetFaults(
  { url, jwksUri, discovery }: Pick<Issuer, 'url' | 'jwksUri' | 'discovery'>,
  allowLoopback: boolean,
): readonly Fault[] {
  const [member, place] = discovery ? ['url', url] : ['jwksUri', jwksUri];
  const message = place === undefined ? undefined : keyUrlFault(place, allowLoopback);
  return message === undefined ? [] : [{ path: [member], message }];
}
