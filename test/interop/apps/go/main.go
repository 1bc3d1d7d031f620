// A tenant's app on the AWS SDK for Go v2, which knows nothing of Latchkey: the errand of errand.ts, as program.ts asks for it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type operation struct {
	Operation, Key, Text, Prefix string
}

type errand struct {
	Bucket     string
	Operations []operation
}

type app struct {
	s3     *s3.Client
	bucket string
}

func (a app) putObject(ctx context.Context, key, text string) error {
	_, err := a.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &a.bucket, Key: &key, Body: strings.NewReader(text)})
	return err
}

func (a app) getObject(ctx context.Context, key string) (string, error) {
	object, err := a.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &a.bucket, Key: &key})
	if err != nil {
		return "", err
	}
	defer object.Body.Close()
	text, err := io.ReadAll(object.Body)
	return string(text), err
}

func (a app) listObjects(ctx context.Context, prefix string) ([]string, error) {
	page, err := a.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &a.bucket, Prefix: &prefix})
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, object := range page.Contents {
		keys = append(keys, *object.Key)
	}
	return keys, nil
}

func (a app) getEach(ctx context.Context, prefix string) (int, error) {
	keys, err := a.listObjects(ctx, prefix)
	for _, key := range keys {
		if _, err := a.getObject(ctx, key); err != nil {
			return 0, err
		}
	}
	return len(keys), err
}

func (a app) run(ctx context.Context, o operation) (any, error) {
	switch o.Operation {
	case "putObject":
		return nil, a.putObject(ctx, o.Key, o.Text)
	case "getObject":
		return a.getObject(ctx, o.Key)
	case "listObjects":
		return a.listObjects(ctx, o.Prefix)
	case "getEach":
		return a.getEach(ctx, o.Prefix)
	}
	return nil, fmt.Errorf("got operation %q, which this program does not know", o.Operation)
}

func (a app) attempt(ctx context.Context, o operation) map[string]any {
	value, err := a.run(ctx, o)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"value": value}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println(aws.SDKVersion)
		return
	}
	var e errand
	if err := json.NewDecoder(os.Stdin).Decode(&e); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	// Nothing is said of credentials: the SDK finds AWS_CONTAINER_CREDENTIALS_FULL_URI by itself.
	config, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	a := app{s3.NewFromConfig(config), e.Bucket}
	var outcomes []map[string]any
	for _, o := range e.Operations {
		outcomes = append(outcomes, a.attempt(ctx, o))
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		log.Fatal(err)
	}
}
