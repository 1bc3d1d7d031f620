import { createDynamoShares } from '../adapters/limits/dynamo-shares.ts';
import { createSharedThrottle } from '../adapters/limits/shared-throttle.ts';
import { createMessageDecoder } from '../adapters/sts/message-decoder.ts';
import { type ApiSurroundings, wireTables, wireTokens } from '../api/wiring.ts';
import { createDecoding, type Decoding } from '../core/decoding.ts';
import type { DecodeEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface DecodeSurroundings extends ApiSurroundings {
  readonly environment: DecodeEnvironment;
}

/** The decoding over its real adapters: the same in Lambda, on a developer's machine and in tests. */
export function wireDecoding({ environment, auditLog, clock }: DecodeSurroundings): Decoding {
  const { region, credentials, stsEndpoint, stsFallbacks, deadlineMilliseconds } = environment;
  const { vendsPerSecond, principals } = environment;
  const tables = wireTables(environment, clock);
  return createDecoding({
    verifier: wireTokens(environment, tables, clock),
    registry: tables.registry,
    throttle: createSharedThrottle({
      shares: createDynamoShares(tables.usage, { deadlineMilliseconds }),
      vendsPerSecond,
      clock,
    }),
    decoder: createMessageDecoder({ region, credentials, endpoint: stsEndpoint, fallbacks: stsFallbacks }),
    auditLog,
    deadlineMilliseconds,
    principals,
  });
}
