package dev.sluice.spark;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Spark's own settings: none may hold a secret, since Spark shows them on its pages and in its logs. Stateless. */
final class SparkSettings {

    /** Addresses may hold a password; the others are none of ours. */
    private static final Pattern SECRET =
            Pattern.compile(".*(SLUICE_DATABASE_URL|SLUICE_CONSOLE_DATABASE_URL|PGPASSWORD|AWS_SECRET_ACCESS_KEY)$");

    private SparkSettings() {}

    /**
     * Starts Spark.
     *
     * @throws InfrastructureException CONFIG when a setting would pass a secret
     */
    static JavaSparkContext context(String name) {
        SparkConf conf = new SparkConf().setIfMissing("spark.app.name", name);
        requireNoSecret(conf);
        return new JavaSparkContext(conf);
    }

    static void requireNoSecret(SparkConf conf) {
        for (Tuple2<String, String> setting : conf.getAll()) {
            if (SECRET.matcher(setting._1()).matches()) {
                throw new InfrastructureException(
                        Kind.CONFIG,
                        setting._1()
                                + " passes a secret through Spark's settings, which Spark shows; mount a file on driver"
                                + " and executors instead, and name it in the variable with _FILE behind");
            }
        }
    }
}
