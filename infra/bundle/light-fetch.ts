/**
 * Stands in for Node's `Headers`, `Request` and `Response` in the bundle. The first touch of Node's own loads undici, 20
 * to 45 ms of a cold start, for sockets, streams and forms that an event of API Gateway never needs. These hold a whole
 * body as text or bytes, and what hono's Lambda adapter and jose ask of them; for anything else there is no member.
 * https://fetch.spec.whatwg.org/
 */
type HeadersInit = Headers | Readonly<Record<string, string>> | Iterable<readonly [string, string]>;
type Body = string | Uint8Array | ArrayBuffer | null | undefined;

/** RFC 9110, 5.1 and 5.5: a name is a token; a value has no line break, which would begin another header. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Names without case, each with one value. */
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(init: HeadersInit = {}) {
    const entries = Symbol.iterator in init ? init : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  /** A second value of a name goes behind a comma, as when headers come in twice. */
  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  set(name: string, value: string): void {
    if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError('got a header that HTTP does not allow');
    this.#values.set(name.toLowerCase(), value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  forEach(visit: (value: string, name: string) => void): void {
    for (const [name, value] of this) visit(value, name);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

class Message {
  readonly headers: Headers;
  readonly body: Body;

  constructor(body: Body, headers: HeadersInit | undefined) {
    this.body = body ?? null;
    this.headers = headers instanceof Headers ? headers : new Headers(headers);
  }

  async text(): Promise<string> {
    return typeof this.body === 'string' ? this.body : new TextDecoder().decode(this.body ?? undefined);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/** What API Gateway's event says of a request. */
export class Request extends Message {
  readonly url: string;
  readonly method: string;

  constructor(url: string, init: { method?: string; headers?: HeadersInit; body?: Body } = {}) {
    super(init.body, init.headers);
    this.url = url;
    this.method = init.method ?? 'GET';
  }
}

/** An answer on its way into what Lambda returns. */
export class Response extends Message {
  readonly status: number;

  constructor(body?: Body, init: { status?: number; headers?: HeadersInit } = {}) {
    super(body, init.headers);
    this.status = init.status ?? 200;
  }
}
