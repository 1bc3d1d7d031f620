import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { SignIn } from '../ports.ts';
import { type Secret, secret } from '../secret.ts';
import type { Granted, Vend } from '../vending.ts';
import { type ConsoleRequest, decideConsoleTerms } from './console-terms.ts';

/** A link that signs in to the AWS console: whoever has it is the tenant. */
export interface ConsoleSession {
  readonly url: Secret;
  /** When the link stops signing in; the session that it opens lasts on. */
  readonly expiration: Date;
}

/** Console sessions from vended credentials. */
export interface ConsoleSessions {
  /** Throws a `VendingError` for a request that there can be no link for. */
  accept(granted: Granted<ConsoleRequest>): void;
  /** Throws `sign_in_refused` and `sign_in_unavailable`, neither of which holds a part of the credentials or the link. */
  open(vend: Vend<ConsoleRequest>, deadline: Deadline): Promise<ConsoleSession>;
}

/** What they are made with. */
export interface ConsoleSessionsOptions {
  readonly signIn: SignIn;
  /** AWS Sign-In played on a developer's machine; undefined: that of the partition. */
  readonly signInEndpoint: string | undefined;
  readonly clock: Clock;
}

/** How long AWS takes the token in a link, in seconds. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html */
const LINK_SECONDS = 15 * 60;

/** Console sessions by AWS Sign-In. */
export function createConsoleSessions({
  signIn,
  signInEndpoint,
  clock,
}: ConsoleSessionsOptions): ConsoleSessions {
  return {
    accept({ request, grant }) {
      decideConsoleTerms(request, grant);
    },

    async open({ request, grant, credentials }, deadline) {
      const terms = decideConsoleTerms(request, grant);
      const endpoint = signInEndpoint ?? terms.signIn;
      // Before it is asked: a link is not to be told longer than it lives.
      const issuedAt = clock().getTime();
      const token = await signIn.token(
        { credentials, endpoint, durationSeconds: terms.durationSeconds },
        deadline,
      );
      const linkEnd = issuedAt + LINK_SECONDS * 1000;
      return {
        url: linkOf(endpoint, terms, token),
        expiration: new Date(Math.min(linkEnd, credentials.expiration.getTime())),
      };
    },
  };
}

function linkOf(
  endpoint: string,
  { issuer, destination }: ReturnType<typeof decideConsoleTerms>,
  token: Secret,
): Secret {
  const url = new URL('/federation', endpoint);
  url.search = `${new URLSearchParams({
    Action: 'login',
    ...(issuer === undefined ? {} : { Issuer: issuer }),
    Destination: destination,
    SigninToken: token.reveal(),
  })}`;
  return secret(url.href);
}
