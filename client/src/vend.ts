import type { Api } from './api.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import { parseVendAnswer } from './vend-answer.ts';

/** What AWS gives at most, to whatever Latchkey asks as. */
const ROUTES = {
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
  credentials: { longestSeconds: 12 * 3600 },
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
  'credentials/iam-user': { longestSeconds: 36 * 3600 },
} as const;

/** What is asked for, and of whom. */
export interface VendOptions {
  readonly api: Api;
  readonly profile?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly scope?: Readonly<Record<string, string>> | undefined;
  readonly mfa?:
    | {
        readonly serialNumber: string;
        /** Asked at each vend: a code counts once. Throws `mfa_unreadable`. Its time is not the API's: somebody may have to type. */
        readonly readCode: () => Promise<string>;
      }
    | undefined;
  readonly route?: 'iam-user' | undefined;
}

/** `POST /credentials`, or with a code or that route `POST /credentials/iam-user`; each time anew. Throws `LatchkeyError`. */
export function createVend({ api, profile, durationSeconds, scope, mfa, route: given }: VendOptions) {
  // AWS takes a code only of an IAM user.
  const route = given === 'iam-user' || mfa !== undefined ? 'credentials/iam-user' : 'credentials';
  return async (): Promise<LatchkeyCredentials> => {
    const code = mfa && { serialNumber: mfa.serialNumber, tokenCode: await mfa.readCode() };
    return api({
      method: 'POST',
      route,
      body: JSON.stringify({ profile, durationSeconds, scope, mfa: code }),
      parse: (answer) => parseVendAnswer(answer, durationSeconds ?? ROUTES[route].longestSeconds),
      once: mfa !== undefined,
    });
  };
}
