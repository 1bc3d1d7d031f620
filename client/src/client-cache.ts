/** What all clients of AWS SDK v3 have. */
export interface AwsClient {
  destroy(): void;
}

/** `S3Client`, `DynamoDBClient`, …: what makes clients of one service. */
export type AwsClientClass = new (config: never) => AwsClient;

/** Clients by class and configuration. */
export interface ClientCache {
  /** The one that was made with an equal configuration, or a new one. */
  get(clientClass: AwsClientClass, config: object, create: () => AwsClient): AwsClient;
  /** Destroys and forgets all of them. */
  clear(): void;
}

/** The least recently used of more than `capacity` clients is forgotten. It is not destroyed: whoever has it may be using it. */
export function createClientCache(capacity: number): ClientCache {
  const clients = new Map<string, AwsClient>();
  const ids = new WeakMap<object, number>();
  let lastId = 0;

  function idOf(object: object): number {
    const id = ids.get(object) ?? ++lastId;
    ids.set(object, id);
    return id;
  }

  return {
    get(clientClass, config, create) {
      const key = `${idOf(clientClass)} ${renderData(config) ?? idOf(config)}`;
      const client = clients.get(key) ?? create();
      clients.delete(key);
      clients.set(key, client);
      const [oldest] = clients.keys();
      if (oldest !== undefined && clients.size > capacity) clients.delete(oldest);
      return client;
    },
    clear() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}

/**
 * The same text for equal data, whatever the order of its members; undefined if there is anything that JSON cannot tell from another: a
 * function, an instance, NaN. A configuration with such a thing equals itself alone.
 */
function renderData(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return JSON.stringify(value);
  if (Array.isArray(value)) return renderAll(Array.from(value, renderData), '[', ']');
  if (!isPlainObject(value)) return undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = members.map(([name, member]) => {
    const text = renderData(member);
    return text && `${JSON.stringify(name)}:${text}`;
  });
  return renderAll(texts, '{', '}');
}

function renderAll(texts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return texts.includes(undefined) ? undefined : `${open}${texts.join()}${close}`;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
