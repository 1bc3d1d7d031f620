import { fetchToken } from '../local/fetch-token.ts';
import { vendVariables } from '../local/function-variables.ts';
import { startLocal } from '../local/start.ts';
import { profileDefinitions } from '../profiles/index.ts';

/** What the vend function finds around it: variables, an AWS and an issuer behind them, and a caller with a token. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string>>;
  /** An access token of acme, good for an hour. */
  readonly token: string;
  /** As many others of acme as are asked for: what nobody has seen yet has to be checked. */
  readonly newTokens: (count: number) => Promise<readonly string[]>;
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
  const newToken = () => fetchToken(facts, 'acme');
  return {
    variables: {
      ...vendVariables(aws),
      AWS_LAMBDA_FUNCTION_NAME: 'latchkey-vend',
      // What is measured is a vend, and not how long it is made to wait.
      LATCHKEY_VENDS_PER_SECOND: '100000',
    },
    token: await newToken(),
    newTokens: async (count) => {
      const tokens: string[] = [];
      while (tokens.length < count) tokens.push(...(await Promise.all(Array.from({ length: 20 }, newToken))));
      return tokens;
    },
    close,
  };
}
