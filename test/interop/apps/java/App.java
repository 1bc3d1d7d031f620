import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A tenant's app on the AWS SDK for Java v2, which knows nothing of Latchkey: the errand of errand.ts, as program.ts asks for it. */
public final class App {
  record Operation(String operation, String key, String text, String prefix, int seconds) {}

  record Errand(String bucket, String table, String provider, List<Operation> operations) {}

  private final S3Client s3;
  private final String bucket;

  App(String bucket, String provider) {
    this.bucket = bucket;
    // Usually nothing is said of credentials: the SDK finds AWS_CONTAINER_CREDENTIALS_FULL_URI by itself.
    s3 = provider.equals("named")
        ? S3Client.builder().credentialsProvider(ContainerCredentialsProvider.create()).build()
        : S3Client.create();
  }

  Object putObject(String key, String text) {
    s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
    return null;
  }

  String getObject(String key) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
  }

  List<String> listObjects(String prefix) {
    var page = s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix));
    return page.contents().stream().map(S3Object::key).toList();
  }

  int getEach(String prefix) {
    var keys = listObjects(prefix);
    keys.forEach(this::getObject);
    return keys.size();
  }

  Object sleep(int seconds) throws InterruptedException {
    Thread.sleep(seconds * 1000L);
    return null;
  }

  Object run(Operation each) throws InterruptedException {
    return switch (each.operation()) {
      case "putObject" -> putObject(each.key(), each.text());
      case "getObject" -> getObject(each.key());
      case "listObjects" -> listObjects(each.prefix());
      case "getEach" -> getEach(each.prefix());
      case "wait" -> sleep(each.seconds());
      default -> throw new IllegalArgumentException("got operation " + each.operation());
    };
  }

  Map<String, Object> attempt(Operation operation) throws InterruptedException {
    try {
      return Collections.singletonMap("value", run(operation));
    } catch (AwsServiceException refusal) {
      var code = refusal.awsErrorDetails().errorCode();
      return Map.of("error", code + ": " + refusal.getMessage());
    } catch (SdkException failure) {
      var text = failure.toString();
      for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) text += "\nCaused by: " + cause;
      return Map.of("error", text);
    }
  }

  public static void main(String[] args) throws Exception {
    if (Arrays.asList(args).contains("--version")) {
      System.out.println(VersionInfo.SDK_VERSION);
      return;
    }
    var json = new ObjectMapper();
    var errand = json.readValue(System.in, Errand.class);
    var app = new App(errand.bucket(), errand.provider());
    var outcomes = new ArrayList<Map<String, Object>>();
    for (var operation : errand.operations()) outcomes.add(app.attempt(operation));
    json.writeValue(System.out, outcomes);
  }
}
