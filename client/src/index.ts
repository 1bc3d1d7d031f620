export type { AwsClient, AwsClientClass } from './client-cache.ts';
export type { ConsoleSession, ConsoleSessionOptions } from './console-session.ts';
export type { LatchkeyCredentials } from './credentials.ts';
export { LatchkeyError, type LatchkeyErrorOptions } from './error.ts';
export { fromLatchkey, type LatchkeyCredentialProvider } from './from-latchkey.ts';
export type { LatchkeyEvent, LatchkeyOptions, MfaCodeSource, Surroundings, TokenSource } from './options.ts';
export { type ClientConfig, type LatchkeyListener, LatchkeySession } from './session.ts';
export type {
  Whoami,
  WhoamiOptions,
  WhoamiProfile,
  WhoamiScopeParameter,
  WhoamiVerified,
} from './whoami.ts';
