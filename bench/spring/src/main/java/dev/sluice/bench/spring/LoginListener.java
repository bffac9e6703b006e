package dev.sluice.bench.spring;

import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the messages of one receive in one transaction; the framework deletes them after that, in batches of ten. A message
 * that comes twice becomes two rows.
 */
@Component
class LoginListener {

    private static final String INSERT =
            """
            INSERT INTO user_logins (user_id, device_type, masked_ip, masked_device_id, locale, app_version, create_date)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    private final ObjectMapper json = JsonMapper.builder().build();
    private final JdbcTemplate jdbc;

    LoginListener(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @SqsListener("${bench.queue}")
    @Transactional
    public void store(List<Message<String>> messages) {
        jdbc.batchUpdate(INSERT, messages.stream().map(this::row).toList());
    }

    private Object[] row(Message<String> message) {
        LoginEvent event = json.readValue(message.getPayload(), LoginEvent.class);
        return new Object[] {
            event.userId(),
            event.deviceType(),
            sha256(event.ip()),
            sha256(event.deviceId()),
            event.locale(),
            event.packedVersion(),
            Date.valueOf(sentOn(message))
        };
    }

    private static LocalDate sentOn(Message<String> message) {
        String millis = message.getHeaders().get(SqsHeaders.MessageSystemAttributes.SQS_SENT_TIMESTAMP, String.class);
        Instant sent = millis == null ? Instant.now() : Instant.ofEpochMilli(Long.parseLong(millis));
        return LocalDate.ofInstant(sent, ZoneOffset.UTC);
    }

    private static String sha256(String value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException("SHA-256 is missing from this JVM", everyPlatformHasIt);
        }
    }
}
