import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What an OpenID provider remembers of one kind, until the process ends. The provider's own store of that kind would warn at every start. */
export class OpenIdStore implements Adapter {
  readonly #payloads = new Map<string, AdapterPayload>();

  async upsert(id: string, payload: AdapterPayload) {
    this.#payloads.set(id, payload);
  }
  async find(id: string) {
    return this.#payloads.get(id);
  }
  async findByUserCode(userCode: string) {
    return [...this.#payloads.values()].find((payload) => payload.userCode === userCode);
  }
  async findByUid(uid: string) {
    return [...this.#payloads.values()].find((payload) => payload.uid === uid);
  }
  async consume(id: string) {
    const payload = this.#payloads.get(id);
    // Kept, so that a second use is told from an unknown one and ends what came of the first (RFC 9700, 4.14.2).
    if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000);
  }
  async destroy(id: string) {
    this.#payloads.delete(id);
  }
  // The provider removes the grant as well, and what was given by it is of no use without.
  async revokeByGrantId() {}
}
