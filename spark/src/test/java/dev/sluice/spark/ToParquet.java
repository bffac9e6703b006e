package dev.sluice.spark;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** Converts a folder of NDJSON to Parquet with many row groups; a program, since Spark needs flags of the JVM. */
final class ToParquet {

    private ToParquet() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            spark.read()
                    .json(arguments[0])
                    .coalesce(1)
                    .write()
                    .option("compression", "none")
                    .option("parquet.block.size", 64 * 1024)
                    .option("parquet.page.size", 16 * 1024)
                    .parquet(arguments[1]);
        }
    }
}
