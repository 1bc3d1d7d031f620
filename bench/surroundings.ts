import type { VendVariables } from '../functions/vend/environment.ts';
import { REGION, REGISTRY_TABLE, RESOURCES } from '../local/account.ts';
import { fetchToken } from '../local/fetch-token.ts';
import { startLocal } from '../local/start.ts';
import type { LocalAws } from '../local/start-aws.ts';
import { profileDefinitions } from '../profiles/index.ts';

/** What the vend function finds around it: variables, an AWS and an issuer behind them, and a caller with a token. */
export interface Surroundings {
  readonly variables: VendVariables & Readonly<Record<string, string>>;
  /** An access token of acme, good for an hour. */
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** Starts the local AWS and OpenID provider in this process, and gets a token. */
export async function startSurroundings(): Promise<Surroundings> {
  const { facts, aws, close } = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record: () => {} },
    log: (message) => console.error(`local AWS: ${message}`),
  });
  return { variables: vendVariables(aws), token: await fetchToken(facts, 'acme'), close };
}

/** As the stack and Lambda set them. */
function vendVariables({ functionCredentials, sts, dynamodb }: LocalAws): Surroundings['variables'] {
  return {
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
    LATCHKEY_LOOPBACK_ISSUERS: 'allow',
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: functionCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: functionCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: functionCredentials.sessionToken,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_LAMBDA_FUNCTION_NAME: 'latchkey-vend',
  };
}
