package dev.sluice.spark;

import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Spark's own settings. None may contain a secret, since Spark shows them on its pages and in its logs. Stateless. */
final class SparkSettings {

    /** AWS SDKs and Tools Reference Guide, environment variables: the two that are secret. */
    private static final Stream<String> AWS_SECRETS = Stream.of("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

    private static final Set<String> SECRET_VARIABLES = Stream.concat(
                    Arrays.stream(Setting.values())
                            .filter(Setting::isSecret)
                            .flatMap(setting -> setting.variables().stream()),
                    AWS_SECRETS)
            .collect(Collectors.toUnmodifiableSet());

    private SparkSettings() {}

    /**
     * Starts Spark.
     *
     * @throws InfrastructureException CONFIG if a setting would pass a secret
     */
    static JavaSparkContext context(String name) {
        SparkConf conf = new SparkConf().setIfMissing("spark.app.name", name);
        requireNoSecret(conf);
        return new JavaSparkContext(conf);
    }

    /** Each cluster manager has its own prefix for variables: {@code spark.executorEnv.}, {@code spark.yarn.appMasterEnv.}. */
    static void requireNoSecret(SparkConf conf) {
        for (Tuple2<String, String> setting : conf.getAll()) {
            String name = setting._1();
            if (SECRET_VARIABLES.contains(name.substring(name.lastIndexOf('.') + 1))) {
                throw new InfrastructureException(
                        Kind.CONFIG,
                        name
                                + " passes a secret through Spark's settings, which Spark shows. Remove it: mount a file on"
                                + " driver and executors and set the variable with the suffix _FILE to its path, or give"
                                + " each host a role");
            }
        }
    }
}
