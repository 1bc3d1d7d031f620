import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Stands in for `@aws-sdk/signature-v4-multi-region` in the bundles: every client here signs for one Region, with
 * SigV4. It says itself that it has no SigV4a, so that an endpoint which offers both is signed for with SigV4.
 */
export class SignatureV4MultiRegion extends SignatureV4 {
  static sigv4aDependency(): 'none' {
    return 'none';
  }
}
