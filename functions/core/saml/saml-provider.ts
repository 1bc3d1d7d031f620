import * as z from 'zod/mini';
import { parse } from '../parse.ts';
import { type TenantId, tenantId } from '../tenant-id.ts';
import { wellFormed } from '../text.ts';

/** ARN of a SAML provider in IAM, in the partitions aws, aws-cn and aws-us-gov. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html */
const SAML_PROVIDER_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/;

/** A whole definition must go into one item of the registry; real metadata of one identity provider has 2,000 to 10,000. */
const METADATA_MAX_CHARACTERS = 20_000;

/** The one in use, the next and the last: everybody can have all of them tried, by a response that nobody signed. */
const CERTIFICATES_MAX = 3;

/** An identity provider whose assertions are taken, for one tenant. */
export interface SamlProvider {
  /** Compared with the Issuer of assertions exactly. SAML 2.0 Metadata, 2.3.2. */
  readonly entityId: string;
  /** As IAM knows it. */
  readonly providerArn: string;
  /** PEM, of the keys that it signs with; several while it goes from one to the next. */
  readonly certificates: readonly string[];
  readonly tenantId: TenantId;
}

/** What an identity provider's metadata says of it. */
export type SamlMetadata = Pick<SamlProvider, 'entityId' | 'certificates'>;

/** Reads an identity provider's metadata (SAML 2.0 Metadata, 2.4.3); throws `ConfigurationError` for what is none, and for keys that are weak. */
export type ParseSamlMetadata = (xml: string) => SamlMetadata;

const providerArn = z
  .string()
  .check(z.regex(SAML_PROVIDER_ARN, 'not the ARN of a SAML provider in IAM: arn:aws:iam::…:saml-provider/…'));

/** SAML 2.0 Core, 8.3.6: a URI of at most 1024 characters. In ASCII, as every URI is: the registry counts its keys in bytes. */
const entityId = z
  .string()
  .check(z.regex(/^[!-~]{1,1024}$/, 'not an entityID: a URI of 1 to 1024 characters'));

/** A SAML identity provider as it stands in a tenant's definition. */
export const ownSamlProvider = z.strictObject({
  providerArn,
  metadata: z.string().check(
    z.minLength(1),
    z.maxLength(METADATA_MAX_CHARACTERS),
    wellFormed,
    // Who it is and what it signs with is read out of it by who can read XML: see `samlProviderFaults`.
    z.refine((xml) => /^\s*</.test(xml), "expected XML, the identity provider's metadata itself"),
  ),
});

const metadata = {
  entityId,
  certificates: z.array(z.string()).check(z.minLength(1), z.maxLength(CERTIFICATES_MAX)),
};
const samlProvider = z.strictObject({ ...metadata, providerArn, tenantId });

/** The provider in a record; throws `ConfigurationError` naming the member that is wrong. */
export function parseSamlProvider(record: unknown): SamlProvider {
  return Object.freeze(parse(samlProvider, record, 'SAML provider'));
}

/** What was read of metadata, in form; throws `ConfigurationError` naming what is wrong. */
export function checkedMetadata(read: unknown): SamlMetadata {
  return parse(z.strictObject(metadata), read, 'metadata');
}
