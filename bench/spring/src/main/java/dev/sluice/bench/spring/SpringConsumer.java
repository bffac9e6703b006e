package dev.sluice.bench.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process of the contender. SIGTERM ends it. */
@SpringBootApplication
public class SpringConsumer {

    /** Configured by {@code application.properties} and the environment. */
    public static void main(String[] arguments) {
        SpringApplication.run(SpringConsumer.class, arguments);
    }
}
