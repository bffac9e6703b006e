package dev.sluice.s3;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsEndpoint;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.HttpClients;
import dev.sluice.aws.PlainHttp;
import dev.sluice.bulk.FileChangedException;
import dev.sluice.bulk.FileSink;
import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of S3, by {@code s3://bucket/key}; their version is the entity tag, which every read demands. Read in ranges, so
 * that a broken connection costs one range, and a unit no more than itself. Made by single PUTs, on condition that there is no
 * object of that key. Thread-safe.
 */
public final class S3Files implements FileStore, FileSink, AutoCloseable {

    /** Paths that begin so are of S3. */
    public static final String SCHEME = S3Location.SCHEME;

    /** S3's performance guidelines name 8 to 16 MB; each thread holds one. */
    static final int RANGE_BYTES = 8 * 1024 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** S3 begins to answer within some 200 ms. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    private static final String PATTERN = "*?[{";

    /** Metadata that names the call that made an object. */
    private static final String WRITE = "sluice-write";

    /** S3 API reference, PutObject, If-None-Match: there is an object of that key. */
    private static final int PRECONDITION_FAILED = 412;

    private final AwsConnection connection;
    private final S3Client client;

    /**
     * Prepares the client; calls nothing but the SDK's chains for region and credentials.
     *
     * @param region null for the SDK's default chain
     * @param environment the process's: AWS_ENDPOINT_URL_S3, credentials
     * @throws dev.sluice.failure.InfrastructureException CONFIG or NOT_PERMITTED when region, endpoint or credentials are
     *     missing or malformed
     */
    public S3Files(@Nullable String region, Map<String, String> environment, PlainHttp plainHttp) {
        URI url = AwsEndpoint.ofEnvironment("S3", environment, plainHttp);
        AwsEndpoint endpoint = new AwsEndpoint(url, region == null ? AwsEndpoint.defaultRegion() : region);
        AwsFailures failures = new AwsFailures(
                "S3",
                "on the archive",
                endpoint,
                "check the credentials, and that the policies of the role, the bucket and its KMS key allow"
                        + " s3:ListBucket, s3:GetObject, and for an export s3:PutObject.",
                code -> "check the bucket's name, AWS_REGION and AWS_ENDPOINT_URL_S3.");
        this.connection = new AwsConnection(endpoint, environment, plainHttp, failures);
        this.client = connection
                .configureForXml(S3Client.builder(), AwsRetryStrategy.forRetryMode(RetryMode.STANDARD))
                .forcePathStyle(url != null)
                .crossRegionAccessEnabled(url == null)
                .httpClientBuilder(ignored -> HttpClients.create(CONNECT_TIMEOUT, ANSWER_TIMEOUT))
                .build();
    }

    @Override
    public List<SourceFile> list(String path) {
        S3Location named = S3Location.parse(path);
        int pattern = firstOf(named.key());
        if (pattern >= 0) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:/" + named.key());
            String prefix = named.key().substring(0, pattern);
            return list(named.withKey(prefix), folderOf(prefix), key -> matches(matcher, key));
        }
        // The first key with a prefix is the prefix itself, if there is such an object.
        List<S3Object> first = page(named, 1);
        if (!first.isEmpty() && first.getFirst().key().equals(named.key())) {
            return List.of(sourceFile(named.bucket(), first.getFirst()));
        }
        String folder = named.key().isEmpty() || named.key().endsWith("/") ? named.key() : named.key() + "/";
        return list(named.withKey(folder), folder, key -> true);
    }

    private static int firstOf(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (PATTERN.indexOf(key.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String folderOf(String prefix) {
        return prefix.substring(0, prefix.lastIndexOf('/') + 1);
    }

    private static boolean matches(PathMatcher matcher, String key) {
        try {
            return matcher.matches(Path.of("/" + key));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private List<S3Object> page(S3Location prefix, int limit) {
        return connection.call("s3:ListBucket", () -> client.listObjectsV2(
                        request(prefix).maxKeys(limit).build())
                .contents());
    }

    private List<SourceFile> list(S3Location prefix, String folder, Predicate<String> matches) {
        return connection.call(
                "s3:ListBucket",
                () -> client.listObjectsV2Paginator(request(prefix).build()).contents().stream()
                        .filter(object ->
                                !isHidden(object.key().substring(folder.length())) && matches.test(object.key()))
                        .map(object -> sourceFile(prefix.bucket(), object))
                        .toList());
    }

    private static ListObjectsV2Request.Builder request(S3Location prefix) {
        return ListObjectsV2Request.builder().bucket(prefix.bucket()).prefix(prefix.key());
    }

    /** Consoles make empty objects whose keys end in a slash, to show folders. */
    private static boolean isHidden(String key) {
        if (key.endsWith("/")) {
            return true;
        }
        for (String part : key.split("/", -1)) {
            if (FileStore.isHidden(part)) {
                return true;
            }
        }
        return false;
    }

    private static SourceFile sourceFile(String bucket, S3Object object) {
        return new SourceFile(
                new S3Location(bucket, object.key()).toString(), object.size(), object.eTag(), object.lastModified());
    }

    @Override
    public InputStream open(SourceFile file, long start, long likelyEnd) throws IOException {
        return new RangeStream(file, start, likelyEnd);
    }

    /** The bytes of a range, which is not empty. */
    private byte[] fetch(SourceFile file, long start, long end) throws IOException {
        S3Location object = S3Location.parse(file.path());
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .ifMatch(file.version())
                .range("bytes=" + start + "-" + (end - 1))
                .build();
        Fetched fetched = connection.call("s3:GetObject", () -> {
            try {
                return new Fetched(
                        client.getObject(request, ResponseTransformer.toBytes()).asByteArrayUnsafe(), null);
            } catch (AwsServiceException e) {
                IOException fault = fault(file, e.statusCode());
                if (fault == null) {
                    throw e;
                }
                return new Fetched(null, fault);
            }
        });
        if (fetched.fault() != null) {
            throw fetched.fault();
        }
        byte[] bytes = Objects.requireNonNull(fetched.bytes());
        if (bytes.length != end - start) {
            throw new FileChangedException();
        }
        return bytes;
    }

    /** S3 API reference, GetObject and error responses: what is of the object, and not of the service. */
    private static @Nullable IOException fault(SourceFile file, int status) {
        return switch (status) {
            case 404 -> new NoSuchFileException(file.path());
            case 412, 416 -> new FileChangedException();
            default -> null;
        };
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        S3Location object = S3Location.parse(path);
        String write = UUID.randomUUID().toString();
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .ifNoneMatch("*")
                .metadata(Map.of(WRITE, write))
                .build();
        boolean isMade = connection.call("s3:PutObject", () -> {
            try {
                client.putObject(request, RequestBody.fromBytes(content));
                return true;
            } catch (AwsServiceException e) {
                if (e.statusCode() != PRECONDITION_FAILED) {
                    throw e;
                }
                return isOf(object, write);
            }
        });
        if (!isMade) {
            throw new FileAlreadyExistsException(path);
        }
    }

    /** Whether the object is there because of this write: the SDK repeats one whose answer is lost. */
    private boolean isOf(S3Location object, String write) {
        HeadObjectRequest request = HeadObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .build();
        return write.equals(client.headObject(request).metadata().get(WRITE));
    }

    @Override
    public void close() {
        client.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Fetched(byte @Nullable [] bytes, @Nullable IOException fault) {}

    /** One range after the other. Used by one thread. */
    private final class RangeStream extends InputStream {

        /** What follows the likely end: the rest of a line. */
        private static final int AFTER_END_BYTES = 64 * 1024;

        private final SourceFile file;
        private final long likelyEnd;
        private byte[] range = new byte[0];
        private int at;
        private long next;

        RangeStream(SourceFile file, long start, long likelyEnd) {
            this.file = file;
            this.next = start;
            this.likelyEnd = Math.min(likelyEnd + AFTER_END_BYTES, file.bytes());
        }

        @Override
        public int read() throws IOException {
            return isAtEnd() ? -1 : range[at++] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (isAtEnd()) {
                return -1;
            }
            int count = Math.min(length, range.length - at);
            System.arraycopy(range, at, target, offset, count);
            at += count;
            return count;
        }

        private boolean isAtEnd() throws IOException {
            if (at < range.length) {
                return false;
            }
            if (next >= file.bytes()) {
                return true;
            }
            long limit = next < likelyEnd ? likelyEnd : file.bytes();
            long end = Math.min(next + RANGE_BYTES, limit);
            range = fetch(file, next, end);
            at = 0;
            next = end;
            return false;
        }
    }
}
