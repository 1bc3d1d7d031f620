import type { Api } from './api.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import { parseVendAnswer } from './vend-answer.ts';

/** AssumeRole's own limit, far above Latchkey's: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const LONGEST_SESSION_SECONDS = 12 * 3600;

/** What is asked for, and of whom. */
export interface VendOptions {
  readonly api: Api;
  readonly profile?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly scope?: Readonly<Record<string, string>> | undefined;
  readonly mfa?:
    | {
        readonly serialNumber?: string | undefined;
        /** Asked at each vend: a code counts once. Throws `mfa_unreadable`. Its time is not the API's: somebody may have to type. */
        readonly readCode: () => Promise<string>;
      }
    | undefined;
}

/** `POST /credentials`, each time anew. Throws `LatchkeyError`. */
export function createVend({ api, profile, durationSeconds, scope, mfa }: VendOptions) {
  return async (): Promise<LatchkeyCredentials> => {
    const code = mfa && { serialNumber: mfa.serialNumber, tokenCode: await mfa.readCode() };
    return api({
      method: 'POST',
      route: 'credentials',
      body: JSON.stringify({ profile, durationSeconds, scope, mfa: code }),
      parse: (answer) => parseVendAnswer(answer, durationSeconds ?? LONGEST_SESSION_SECONDS),
    });
  };
}
