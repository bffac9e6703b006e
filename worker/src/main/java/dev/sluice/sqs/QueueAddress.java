package dev.sluice.sqs;

import dev.sluice.aws.AwsEndpoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The queue as the user names it: a bare name, or a queue URL of AWS or of an emulator. Immutable. Only the text is
 * checked, not whether the queue exists.
 *
 * @param name the queue's name, with {@code .fifo} if it is a FIFO queue
 * @param url the whole URL; null for a bare name
 * @param region the region in the URL; null if it has none
 * @param atAws whether the URL's host belongs to AWS; false for a bare name
 */
public record QueueAddress(String name, @Nullable URI url, @Nullable String region, boolean atAws) {

    private static final String EXPECTED = "Expected in SLUICE_QUEUE (source.queue): a name such as login-queue or"
            + " orders.fifo (1 to 80 of A-Z a-z 0-9 - _), or a queue URL such as"
            + " https://sqs.eu-central-1.amazonaws.com/123456789012/login-queue or"
            + " http://localhost:4566/000000000000/login-queue.";

    /** Amazon SQS API Reference, CreateQueue: up to 80 characters, the suffix .fifo counted. */
    private static final int MAX_NAME_LENGTH = 80;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.fifo)?");

    /** sqs.REGION., sqs-fips.REGION., vpce-x.sqs.REGION., and the legacy REGION.queue. that LocalStack also supports. */
    private static final Pattern REGION_IN_HOST = Pattern.compile(
            "(?:.*\\.)?(?:sqs(?:-fips)?\\.([a-z]+(?:-[a-z]+)+-\\d+)|([a-z]+(?:-[a-z]+)+-\\d+)\\.queue)\\..+");

    /** LocalStack's "path" strategy: /queue/REGION/ACCOUNT/NAME. */
    private static final Pattern REGION_IN_PATH = Pattern.compile("/queue/([a-z]+(?:-[a-z]+)+-\\d+)/.*");

    /** AWS's legacy host names: the SDK's protocol is not documented for them. */
    private static final Pattern LEGACY_HOST = Pattern.compile("([a-z0-9-]+\\.)?queue\\.amazonaws\\.com(\\.cn)?");

    /**
     * Parses what the user gave.
     *
     * @throws InfrastructureException of kind CONFIG if it is neither a name nor a queue URL; the message says what is
     *     wrong and what is expected
     */
    public static QueueAddress parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw refused("No queue is set.");
        }
        if (trimmed.startsWith("arn:")) {
            throw refused("The queue is given as an ARN.");
        }
        if (trimmed.contains("://")) {
            return parseUrl(trimmed);
        }
        return new QueueAddress(checkedName(trimmed), null, null, false);
    }

    /** Whether it is a FIFO queue: exactly their names end in {@code .fifo}. */
    public boolean isFifo() {
        return isFifo(name);
    }

    static boolean isFifo(String name) {
        return name.endsWith(".fifo");
    }

    /** Scheme, host and port of the URL. Null for a bare name, and for AWS's legacy host names. */
    @Nullable
    URI origin() {
        if (url == null || LEGACY_HOST.matcher(url.getHost()).matches()) {
            return null;
        }
        return URI.create(url.getScheme() + "://" + url.getRawAuthority());
    }

    /** Returns the name if it follows SQS's rule for names. */
    static String checkedName(String name) {
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            throw refused("The queue's name breaks SQS's rule for names.");
        }
        return name;
    }

    private static QueueAddress parseUrl(String text) {
        URI url = uri(text);
        String host = url.getHost();
        String scheme = url.getScheme();
        if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw refused("The queue's URL has no host, or is not http or https.");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused("The queue's URL has a user, a query or a fragment.");
        }
        boolean atAws = AwsEndpoint.isAwsHost(host);
        if (atAws && scheme.equals("http")) {
            throw refused("The queue's URL would send messages unencrypted.");
        }
        return new QueueAddress(nameIn(url), url, region(url), atAws);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw refused("The queue's URL is malformed.");
        }
    }

    /** The last of at least two segments: account and name, or ElasticMQ's queue and name. */
    private static String nameIn(URI url) {
        String path = url.getRawPath();
        int last = path.lastIndexOf('/');
        if (last < 2) {
            throw refused("The queue's URL does not end in an account and a name.");
        }
        return checkedName(path.substring(last + 1));
    }

    private static @Nullable String region(URI url) {
        Matcher inHost = REGION_IN_HOST.matcher(url.getHost().toLowerCase(Locale.ROOT));
        if (inHost.matches()) {
            return inHost.group(1) != null ? inHost.group(1) : inHost.group(2);
        }
        Matcher inPath = REGION_IN_PATH.matcher(url.getRawPath());
        return inPath.matches() ? inPath.group(1) : null;
    }

    private static InfrastructureException refused(String what) {
        return new InfrastructureException(Kind.CONFIG, what + " " + EXPECTED);
    }
}
