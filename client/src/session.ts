import { type AwsClientClass, createClientCache } from './client-cache.ts';
import { type Connection, connect } from './connect.ts';
import { type ConsoleSession, type ConsoleSessionOptions, requestConsoleSession } from './console-session.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import { LatchkeyError } from './error.ts';
import { createProvider, type LatchkeyCredentialProvider } from './from-latchkey.ts';
import type { LatchkeyEvent, LatchkeyOptions, Surroundings } from './options.ts';
import { fetchWhoami, type Whoami, type WhoamiOptions } from './whoami.ts';

/** What a client's class takes, but for the credentials: they are the session's. */
export type ClientConfig<Class extends AwsClientClass> = Omit<
  NonNullable<ConstructorParameters<Class>[0]>,
  'credentials'
>;

/** What a listener of one type of event is told. */
export type LatchkeyListener<Type extends LatchkeyEvent['type']> = (
  event: Extract<LatchkeyEvent, { readonly type: Type }>,
) => void;

type AnyListener = LatchkeyListener<LatchkeyEvent['type']>;

/** More than a program has services and Regions. */
const MOST_CLIENTS = 64;

/** One tenant's credentials, and AWS clients that use them. */
export class LatchkeySession {
  /** Valid credentials, refreshed if it is time. Also a provider, for a client that the session does not make: `{ credentials: session.credentials }`. */
  readonly credentials: LatchkeyCredentialProvider;
  readonly #connection: Connection;
  readonly #asked: Pick<LatchkeyOptions, 'profile' | 'durationSeconds' | 'scope' | 'mfa' | 'route'>;
  readonly #clients = createClientCache(MOST_CLIENTS);
  readonly #listeners = new Map<LatchkeyEvent['type'], Set<AnyListener>>();

  /** Fetches nothing yet. Throws `options_invalid`. `surroundings` are for tests. */
  constructor(options: LatchkeyOptions, surroundings?: Partial<Surroundings>) {
    const onEvent = (event: LatchkeyEvent) => this.#report(event, options.onEvent);
    this.#connection = connect(options, surroundings, onEvent);
    this.#asked = options;
    this.credentials = createProvider(this.#connection.refresher);
  }

  /**
   * A client of any class of AWS SDK v3, with the session's credentials: `session.client(S3Client, { region: 'eu-central-1' })`. The same one for
   * an equal configuration; one that holds functions or instances (a request handler, a retry strategy) equals itself alone, so keep
   * such an object. Remembers the 64 that were used last.
   */
  client<Class extends AwsClientClass>(
    clientClass: Class,
    config?: ClientConfig<Class>,
  ): InstanceType<Class> {
    const given: object = config ?? {};
    if ('credentials' in given)
      throw new LatchkeyError(
        'options_invalid',
        "got credentials for a client, expected none: they are the session's",
      );
    const { credentials } = this;
    const create = () => new clientClass({ ...given, credentials } as never);
    return this.#clients.get(clientClass, given, create) as InstanceType<Class>;
  }

  /** Destroys the clients that the session remembers, and forgets them. Credentials stay. */
  clear(): void {
    this.#clients.clear();
  }

  /** New credentials, whatever there is; those that are still valid if there are no new ones. Throws `LatchkeyError`. */
  refresh(): Promise<LatchkeyCredentials> {
    return this.#connection.refresher.refresh();
  }

  /** Whether there are no credentials, or they end within so many seconds. Fetches nothing. */
  isExpired(offsetSeconds = 0): boolean {
    return this.#connection.refresher.isExpired(offsetSeconds);
  }

  /** What Latchkey knows of the caller, and the profiles it may use. Throws `LatchkeyError`. */
  whoami(options: WhoamiOptions = {}): Promise<Whoami> {
    return fetchWhoami(this.#connection.api, { ...options, profile: this.#asked.profile });
  }

  /** A link that signs in to the AWS console as the tenant, with credentials of its own. Throws `LatchkeyError`; `options_invalid` for a session with `mfa` or `route`. */
  consoleSession(options: ConsoleSessionOptions = {}): Promise<ConsoleSession> {
    return requestConsoleSession(this.#connection.api, this.#asked, options);
  }

  /** Tells a listener of every event of that type from now on; what it returns ends that. */
  on<Type extends LatchkeyEvent['type']>(type: Type, listener: LatchkeyListener<Type>): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener as AnyListener);
    return () => {
      listeners.delete(listener as AnyListener);
    };
  }

  /** To all of them, whatever one of them throws. */
  #report(event: LatchkeyEvent, onEvent: LatchkeyOptions['onEvent']): void {
    const faults: unknown[] = [];
    for (const listener of [onEvent, ...(this.#listeners.get(event.type) ?? [])]) {
      try {
        listener?.(event);
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `got an error from a listener of ${event.type}`);
  }
}
