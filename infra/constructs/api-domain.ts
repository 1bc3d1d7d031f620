import { DomainName, EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

/** Which API gets which name. */
export interface ApiDomainProps {
  readonly restApi: RestApi;
  readonly domain: NonNullable<Environment['domain']>;
}

/**
 * A name of the company's own for an API, at whose root the API then lies: with mutual TLS where the environment names the
 * certificate authorities that are trusted. Whoever owns the name points it at `target`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export class ApiDomain extends Construct {
  readonly url: string;
  /** What the name's CNAME or alias record leads to. */
  readonly target: string;

  constructor(scope: Construct, id: string, { restApi, domain }: ApiDomainProps) {
    super(scope, id);
    const { name, certificateArn, clientCertificates } = domain;
    const { bucketName, key, version } = clientCertificates ?? {};
    const domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(bucketName === undefined || key === undefined
        ? {}
        : {
            mtls: {
              bucket: Bucket.fromBucketName(this, 'Authorities', bucketName),
              key,
              ...(version === undefined ? {} : { version }),
            },
          }),
    });
    domainName.addBasePathMapping(restApi);
    this.url = `https://${name}/`;
    this.target = domainName.domainNameAliasDomainName;
  }
}
