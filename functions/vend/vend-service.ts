import type { ConsoleSessions } from '../core/console/console-sessions.ts';
import type { CallerIdentifier } from '../core/ports.ts';
import type { TokenIssuer } from '../core/self-issued/token-issuer.ts';
import type { Vending } from '../core/vending.ts';

/** What the routes of the vend function ask: vending, what they make of vended credentials, and the issuer of tokens for AWS. */
export interface VendService extends Vending {
  readonly consoleSessions: ConsoleSessions;
  readonly identifier: CallerIdentifier;
  /** Undefined where the deployment signs no tokens. */
  readonly tokenIssuer: TokenIssuer | undefined;
}
