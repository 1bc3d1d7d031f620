/**
 * What belongs to tenants in one environment, and what to all of them: data that stands in profiles/ownership.ts. Texts may
 * hold `{{resources.x}}`; what a tenant owns is told by `{{tenant.id}}`. What a profile opens and nobody owns must be
 * declared shared, or the proof of the profile fails.
 */
export interface Ownership {
  readonly owned: readonly Owned[];
  readonly shared: readonly Shared[];
}

/**
 * Things of which each belongs to one tenant: by its ARN (`{{tenant.id}}` in `resource`, behind the account), or, where the
 * ARN is one for all, by what a condition key says of the request (`by`).
 */
export interface Owned {
  /** What it is, in the words of whoever reads a proof: `objects`. */
  readonly name: string;
  /** One ARN pattern; `*` and `?` as in a policy's Resource. */
  readonly resource: string;
  /** Action patterns. Default: every action. Name them where the key means something for some requests only. */
  readonly actions?: readonly string[];
  readonly by?: OwnedBy;
}

/** Which key tells whose a thing is. A request without the key reaches everybody's. */
export interface OwnedBy {
  /** `dynamodb:LeadingKeys`, `s3:prefix`, `aws:ResourceTag/TenantId`, `kms:EncryptionContext:TenantId` … */
  readonly key: string;
  /** Of a thing of the tenant, one or several, as in `StringLike`; of a key with several values, each one is somebody's. */
  readonly value: string | readonly string[];
  /** `listing`: the value is a prefix, and one that begins a tenant's values (`acm`, the empty one) lists the tenant's. */
  readonly reach?: 'equal' | 'listing';
}

/** What tenants may share, and why. */
export interface Shared {
  readonly actions: readonly string[];
  readonly resource: string;
  /** Only requests whose key has this value (every one of its values), as in `StringLike`. */
  readonly by?: Pick<OwnedBy, 'key' | 'value'>;
  /** For the reviewer. */
  readonly why: string;
}
