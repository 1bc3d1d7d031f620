"""A tenant's app on boto3, which knows nothing of Latchkey: the errand of errand.ts, as program.ts asks for it."""

import io
import json
import sys
from functools import cached_property
from pathlib import Path

import boto3
import botocore
from boto3.dynamodb.conditions import Key
from botocore.exceptions import BotoCoreError, ClientError


class OneWayStream:
    """Can be read once, and tells neither its length nor where it is."""

    def __init__(self, text):
        self.read = io.BytesIO(text.encode()).read


class App:
    """Its methods are the operations, by their names."""

    def __init__(self, bucket, table):
        self.bucket = bucket
        self.table_name = table

    # boto3 fetches credentials when its first client is made: that must be part of an attempt, for its failure to be told.
    @cached_property
    def s3(self):
        return boto3.client("s3")

    @cached_property
    def table(self):
        return boto3.resource("dynamodb").Table(self.table_name)

    def putObject(self, key, text):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode())

    def getObject(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def uploadFile(self, key, text):
        Path("upload.txt").write_bytes(text.encode())
        self.s3.upload_file("upload.txt", self.bucket, key)

    def uploadStream(self, key, text):
        self.s3.upload_fileobj(OneWayStream(text), self.bucket, key)

    def downloadFile(self, key):
        self.s3.download_file(self.bucket, key, "download.txt")
        return Path("download.txt").read_bytes().decode()

    def listObjects(self, prefix):
        page = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [each["Key"] for each in page["Contents"]]

    def getEach(self, prefix):
        keys = self.listObjects(prefix)
        for key in keys:
            self.getObject(key)
        return len(keys)

    def putItem(self, pk, sk, text):
        self.table.put_item(Item={"pk": pk, "sk": sk, "text": text})

    def getItem(self, pk, sk):
        return self.table.get_item(Key={"pk": pk, "sk": sk})["Item"]["text"]

    def query(self, pk):
        page = self.table.query(KeyConditionExpression=Key("pk").eq(pk))
        return [each["sk"] for each in page["Items"]]

    def scan(self):
        return [each["sk"] for each in self.table.scan()["Items"]]

    def attempt(self, operation, **arguments):
        try:
            return {"value": getattr(self, operation)(**arguments)}
        except (BotoCoreError, ClientError) as error:
            return {"error": f"{type(error).__name__}: {error}"}


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"{boto3.__version__} (botocore {botocore.__version__})")
        return
    errand = json.load(sys.stdin)
    app = App(errand["bucket"], errand["table"])
    print(json.dumps([app.attempt(**operation) for operation in errand["operations"]]))


main()
