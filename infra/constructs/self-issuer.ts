import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { STS_AUDIENCE } from '../../functions/core/self-issued/identity-token.ts';
import type { VendVariables } from '../../functions/vend/environment.ts';

/** Under which name it is found, and what it signs with. */
export interface SelfIssuerProps {
  /** Of the tenants' API: the issuer's URL is `https://` and this. */
  readonly domainName: string;
  /** As `signingKeys` of an environment: one at least; the first signs. */
  readonly signingKeys: readonly string[];
  readonly retainData: boolean;
}

/**
 * Amazon Root CA 1, SHA-1. With a list IAM does not connect to the issuer when the provider is made, which may be before its name leads
 * anywhere; AWS verifies by its own library of authorities, and reads the list for none that it knows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
const THUMBPRINT = '8da7f965ec5efc37910f1c6e59fdc1cc6a6ede16';

/**
 * Latchkey as an OpenID issuer, whose tokens IAM takes: keys in KMS, which never leave it, and the provider in IAM. A key that is
 * taken out is deleted after 30 days, or stays where data is retained.
 */
export class SelfIssuer extends Construct {
  /** Without `https://`, as condition keys have it. */
  readonly place: string;
  readonly providerArn: string;
  private readonly keyArns: string[];

  constructor(scope: Construct, id: string, { domainName, signingKeys, retainData }: SelfIssuerProps) {
    super(scope, id);
    this.place = domainName;
    // By their names, not their places: a key stays itself when it moves to the front.
    this.keyArns = signingKeys.map((name) => {
      const key = new Key(this, `Key-${name}`, {
        description: `Latchkey: signs tokens for AWS, ${name}`,
        keySpec: KeySpec.RSA_2048,
        keyUsage: KeyUsage.SIGN_VERIFY,
        removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      });
      return key.keyArn;
    });
    const provider = new CfnOIDCProvider(this, 'Provider', {
      url: this.url,
      clientIdList: [STS_AUDIENCE],
      thumbprintList: [THUMBPRINT],
    });
    this.providerArn = provider.attrArn;
  }

  get url(): string {
    return `https://${this.place}`;
  }

  /** What a function is told that signs or publishes. */
  variables(): Required<Pick<VendVariables, 'LATCHKEY_ISSUER_URL' | 'LATCHKEY_SIGNING_KEYS'>> {
    return {
      LATCHKEY_ISSUER_URL: this.url,
      LATCHKEY_SIGNING_KEYS: Stack.of(this).toJsonString(this.keyArns),
    };
  }

  /** Lets `grantee` sign with the key that signs now, by the one algorithm, and read the public half of each. */
  grantSign(grantee: IGrantable): Grant {
    const sign = Grant.addToPrincipal({
      grantee,
      actions: ['kms:Sign'],
      resourceArns: this.keyArns.slice(0, 1),
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } },
    });
    const publish = Grant.addToPrincipal({
      grantee,
      actions: ['kms:GetPublicKey'],
      resourceArns: this.keyArns,
    });
    return sign.combine(publish);
  }
}
