import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { tryFileLock } from '../../client/src/file-lock.ts';
import { UnreachableError, UsageError } from '../failure.ts';
import { preparePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts';

const text = z.string().check(z.minLength(1));

const loginSchema = z.strictObject({
  apiUrl: text,
  /** Given by who has several logins for an API; they then say it with every command. */
  name: z.optional(text),
  issuer: text,
  clientId: text,
  /** How the client's secret is sent (RFC 6749, 2.3.1); both missing: a public client. */
  clientAuth: z.optional(z.enum(['post', 'basic'])),
  /** Where the secret is read again: never the secret itself. Without a file, from the variable that it came from. */
  clientSecretFile: z.optional(text),
  resource: z.optional(text),
  audience: z.optional(text),
  scope: z.optional(text),
  accessToken: text,
  /** Milliseconds since 1970, by this machine's clock; undefined where nobody has said. */
  expiresAt: z.optional(z.number()),
  refreshToken: z.optional(text),
});

/** Who is signed in, where, for which API, and the tokens. */
export type Login = Readonly<z.output<typeof loginSchema>>;

/** Logins in files for this user alone, one each. */
export interface TokenStore {
  /** Undefined when there is none. Throws `UsageError` for a file that others may read, and for one that is damaged. */
  read(id: string): Promise<Login | undefined>;
  write(login: Login): Promise<void>;
  /** Whether there was one. */
  remove(id: string): Promise<boolean>;
  list(): Promise<readonly Login[]>;
  /** Work that no two processes do at once: a refresh token is good for one of them (RFC 9700, 4.14.2). */
  locked<T>(id: string, work: () => Promise<T>): Promise<T>;
}

/** The id of a login: its name, or the API that it is for. */
export function loginId({ name, apiUrl }: Pick<Login, 'apiUrl' | 'name'>): string {
  return name === undefined ? `api ${apiUrl}` : `name ${name}`;
}

const FILE = /^[0-9a-f]{32}\.json$/;
/** A refresh is over by then: it has two requests, of ten seconds each at most. */
const HOLD_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 50;

/** What a store is made of. */
export interface TokenStoreOptions {
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A store in a folder, which is made at the first write. */
export function createTokenStore({ folder, now, sleep }: TokenStoreOptions): TokenStore {
  const pathOf = (id: string, ending = 'json') =>
    join(folder, `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.${ending}`);
  const readFile = async (path: string) => {
    const content = await readPrivateFile(path);
    return content === undefined ? undefined : parseLogin(content, path);
  };
  return {
    read: (id) => readFile(pathOf(id)),
    write: (login) => writePrivateFile(pathOf(loginId(login)), `${JSON.stringify(login)}\n`),
    async remove(id) {
      try {
        await rm(pathOf(id));
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      const logins = await Promise.all(
        names.filter((name) => FILE.test(name)).map((name) => readFile(join(folder, name))),
      );
      return logins.filter((login) => login !== undefined);
    },
    async locked(id, work) {
      await preparePrivateFolder(folder);
      const lock = { path: pathOf(id, 'lock'), holdMilliseconds: HOLD_MILLISECONDS, now };
      for (let tries = 0; tries <= HOLD_MILLISECONDS / PAUSE_MILLISECONDS; tries += 1) {
        const release = await tryFileLock(lock);
        if (release !== undefined) return work().finally(release);
        await sleep(PAUSE_MILLISECONDS);
      }
      throw new UnreachableError(
        'another latchkey has been refreshing this login for half a minute; try again',
      );
    },
  };
}

function parseLogin(content: string, path: string): Login {
  try {
    return loginSchema.parse(JSON.parse(content));
  } catch {
    // The cause would quote tokens.
    throw new UsageError(
      `${path}: got what is no login, or a later version's; remove it and run latchkey login`,
    );
  }
}
