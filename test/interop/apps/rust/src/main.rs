//! A tenant's app on the AWS SDK for Rust, which knows nothing of Latchkey: the errand of errand.ts, as program.ts asks for it.

use std::{error::Error, io, time::Duration};

use aws_config::BehaviorVersion;
use aws_sdk_s3::{Client, error::DisplayErrorContext, meta::PKG_VERSION};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Errand {
    bucket: String,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase")]
enum Operation {
    PutObject { key: String, text: String },
    GetObject { key: String },
    ListObjects { prefix: String },
    GetEach { prefix: String },
    Wait { seconds: u64 },
}

struct App {
    s3: Client,
    bucket: String,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl App {
    async fn put_object(&self, key: String, text: String) -> Result<()> {
        let put = self.s3.put_object().bucket(&self.bucket).key(key);
        put.body(text.into_bytes().into()).send().await?;
        Ok(())
    }

    async fn get_object(&self, key: String) -> Result<String> {
        let get = self.s3.get_object().bucket(&self.bucket).key(key);
        let body = get.send().await?.body.collect().await?;
        Ok(String::from_utf8(body.to_vec())?)
    }

    async fn list_objects(&self, prefix: String) -> Result<Vec<String>> {
        let list = self.s3.list_objects_v2().bucket(&self.bucket);
        let page = list.prefix(prefix).send().await?;
        let keys = page.contents().iter().filter_map(|object| object.key());
        Ok(keys.map(String::from).collect())
    }

    async fn get_each(&self, prefix: String) -> Result<usize> {
        let keys = self.list_objects(prefix).await?;
        let count = keys.len();
        for key in keys {
            self.get_object(key).await?;
        }
        Ok(count)
    }

    async fn run(&self, operation: Operation) -> Result<Value> {
        Ok(match operation {
            Operation::PutObject { key, text } => json!(self.put_object(key, text).await?),
            Operation::GetObject { key } => json!(self.get_object(key).await?),
            Operation::ListObjects { prefix } => json!(self.list_objects(prefix).await?),
            Operation::GetEach { prefix } => json!(self.get_each(prefix).await?),
            Operation::Wait { seconds } => {
                json!(tokio::time::sleep(Duration::from_secs(seconds)).await)
            }
        })
    }

    async fn attempt(&self, operation: Operation) -> Value {
        match self.run(operation).await {
            Ok(value) => json!({ "value": value }),
            Err(error) => json!({ "error": DisplayErrorContext(&*error).to_string() }),
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("{PKG_VERSION} (aws-sdk-s3)");
        return Ok(());
    }
    let Errand { bucket, operations } = serde_json::from_reader(io::stdin())?;
    // Nothing is said of credentials: the SDK finds AWS_CONTAINER_CREDENTIALS_FULL_URI by itself.
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let app = App {
        s3: Client::new(&config),
        bucket,
    };
    let mut outcomes = Vec::new();
    for operation in operations {
        outcomes.push(app.attempt(operation).await);
    }
    println!("{}", json!(outcomes));
    Ok(())
}
