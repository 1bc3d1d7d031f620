import {
  GetCallerIdentityCommand,
  type GetCallerIdentityCommandOutput,
  type STSClient,
} from '@aws-sdk/client-sts';
import { revealed, type VendedCredentials } from '../../core/grant/credentials.ts';
import type { CallerIdentifier } from '../../core/ports.ts';
import { createStsClient, type RegionalStsOptions } from './regional-sts.ts';
import { stsFailure } from './sts-failure.ts';
import { unusable } from './vended-answer.ts';

/** Asks the STS that vended credentials whose they are, signed with these very credentials. */
export function createCallerIdentifier({
  region,
  endpoint,
  fallbacks = [],
}: Omit<RegionalStsOptions, 'credentials'>): CallerIdentifier {
  const endpoints = new Map([{ region, endpoint }, ...fallbacks].map((each) => [each.region, each.endpoint]));
  return {
    async identify(credentials, { signal }) {
      const place = { region: credentials.stsRegion, endpoint: endpoints.get(credentials.stsRegion) };
      // Its own client, and its own connection, which nobody else's request is to use.
      const client = createStsClient({ ...place, credentials: revealed(credentials) }, { attempts: 2 });
      try {
        return read(await ask(client, credentials, signal));
      } finally {
        client.destroy();
      }
    },
  };
}

async function ask(
  client: STSClient,
  { sessionToken, secretAccessKey }: VendedCredentials,
  abortSignal: AbortSignal,
): Promise<GetCallerIdentityCommandOutput> {
  try {
    return await client.send(new GetCallerIdentityCommand({}), { abortSignal });
  } catch (cause) {
    // A refused signature is answered with what was signed, and the session token is a part of that.
    throw stsFailure(cause, { secrets: [sessionToken, secretAccessKey] });
  }
}

function read({ Account, Arn, UserId }: GetCallerIdentityCommandOutput) {
  if (!Account || !Arn || !UserId) throw unusable('the answer of STS lacks a part of the identity');
  return { account: Account, arn: Arn, userId: UserId };
}
