package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Original.Form;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import dev.sluice.yaml.InvalidDocumentException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code keys.by}: keys of their own for each tenant, from the pipeline file to the token. */
class TenantsTest {

    private static final String SPEC =
            """
            pipeline: p
            source: { queue: q%s }
            sink: { table: t }
            keys: { by: %s }
            columns:
              label: { from: label, type: text }
              ip: { from: ip, type: varchar(64), mask: { kind: deterministic-aead, as: ip } }
              device: { from: device, type: varchar(64), mask: { kind: keyed-hash } }
              mail: { from-attribute: mail, type: varchar(400), mask: { kind: deterministic-aead } }
            """;

    @TempDir
    private Path folder;

    private KeysetFile file;

    @BeforeEach
    void acmeAndEmcaHaveKeys() {
        file = KeysetFile.at(folder.resolve("keys.json"));
        file.create(wanted("acme", "emca"), true);
    }

    @Test
    void equalValuesJoinWithinATenantAndNotAcrossTenants() {
        Mapper mapper = mapper("/tenant");
        Row acme = row(mapper, "{\"tenant\":\"acme\",\"ip\":\"192.0.2.1\",\"device\":\"d\"}");
        Row same = row(mapper, "{\"device\":\"d\",\"ip\":\"192.0.2.1\",\"tenant\":\"acme\"}");
        Row other = row(mapper, "{\"tenant\":\"emca\",\"ip\":\"192.0.2.1\",\"device\":\"d\"}");

        assertThat(same.value(1)).isEqualTo(acme.value(1)).isNotEqualTo(other.value(1));
        assertThat(same.value(2)).isEqualTo(acme.value(2)).isNotEqualTo(other.value(2));
        assertThat(keyset(acme.value(1))).isEqualTo("p.ip@acme");
        assertThat(keyset(other.value(2))).isEqualTo("p.device@emca");
    }

    @Test
    void recordsOfOneMessageMayHaveSeveralTenants() {
        List<Outcome> outcomes = TestMappers.map(
                mapper("/tenant"),
                "[{\"tenant\":\"acme\",\"ip\":\"192.0.2.1\"},{\"tenant\":\"emca\",\"ip\":\"192.0.2.1\"},"
                        + "{\"tenant\":\"nobody\",\"ip\":\"192.0.2.1\"},{\"tenant\":\"acme\",\"ip\":\"192.0.2.1\"}]");

        assertThat(outcomes).hasSize(4);
        assertThat(((Row) outcomes.get(0)).value(1)).isEqualTo(((Row) outcomes.get(3)).value(1));
        assertThat(keyset(((Row) outcomes.get(1)).value(1))).isEqualTo("p.ip@emca");
        assertThat(((Rejection) outcomes.get(2)).reason()).isEqualTo(Reason.UNKNOWN_TENANT);
    }

    @Test
    void masksOneByOneWhatABatchMasksByColumn() {
        Mapper mapper = mapper("/tenant");
        Mapper.Batch batch = mapper.begin();
        List<Outcome> outcomes = new ArrayList<>();
        for (String tenant : List.of("acme", "emca", "acme")) {
            byte[] body = ("{\"tenant\":\"" + tenant + "\",\"ip\":\"192.0.2.1\"}").getBytes(StandardCharsets.UTF_8);
            outcomes.addAll(batch.unpack("m", TestMappers.SENT_AT, body, Attributes.NONE)
                    .map());
        }
        batch.mask();

        assertThat(((Row) outcomes.get(0)).value(1))
                .isEqualTo(((Row) outcomes.get(2)).value(1))
                .isEqualTo(row(mapper, "{\"tenant\":\"acme\",\"ip\":\"192.0.2.1\"}")
                        .value(1));
    }

    @ParameterizedTest
    @CsvSource({
        "/tenant, {\"tenant\":42}, 42",
        "/tenant, '{\"x\":{\"tenant\":\"no\"},\"tenant\":\"42\"}', 42",
        "/a/b, '{\"a\":{\"c\":1,\"b\":\"acme\"}}', acme",
        "/a/1/b, '{\"a\":[{\"b\":\"no\"},{\"c\":[],\"b\":\"acme\"}]}', acme",
        "/a~1b, {\"a/b\":\"acme\"}, acme",
        "/tenant, {\"tenant\":\"a@b c\"}, a@b c"
    })
    void readsTextsAndWholeNumbers(String by, String body, String tenant) {
        file.create(wanted(tenant), true);

        assertThat(TestMappers.only(mapper(by), body)).isInstanceOf(Row.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"tenant\":null}",
                "{\"tenant\":\"\"}",
                "{\"tenant\":\" acme\"}",
                "{\"tenant\":1.5}",
                "{\"tenant\":true}",
                "{\"tenant\":{\"tenant\":\"acme\"}}",
                "{\"tenant\":[\"acme\"]}",
                "{\"tenant\":\"a\\u0000b\"}",
                "{\"tenant\":\"a\\ud800\"}"
            })
    void rejectsRecordsThatNameNoTenant(String body) {
        assertThat(TestMappers.valueOrReason(mapper("/tenant"), body)).isEqualTo(Reason.NO_TENANT);
    }

    @Test
    void rejectsATenantOfMoreThan128Characters() {
        assertThat(TestMappers.valueOrReason(mapper("/tenant"), "{\"tenant\":\"" + "x".repeat(128) + "\"}"))
                .isEqualTo(Reason.UNKNOWN_TENANT);
        assertThat(TestMappers.valueOrReason(mapper("/tenant"), "{\"tenant\":\"" + "x".repeat(129) + "\"}"))
                .isEqualTo(Reason.NO_TENANT);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"tenant\":\"acme\",', TRUNCATED",
        "'{\"tenant\":\"acme\",\"tenant\":\"emca\"}', DUPLICATE_KEY",
        "'{\"ip\":\"x\",\"ip\":\"y\",\"tenant\":\"acme\"}', DUPLICATE_KEY",
        "'{\"tenant\":\"acme\"} x', TRAILING_CONTENT",
        "'{\"Type\":\"Notification\",\"TopicArn\":\"a\",\"Message\":\"{}\"}', SNS_ENVELOPE",
        "'{\"tenant\":\"acme\",\"ip\":\"none\"}', INVALID_IP"
    })
    void reportsWhatIsWrongWithABodyAsWithoutTenants(String body, Reason reason) {
        assertThat(TestMappers.valueOrReason(mapper("/tenant"), body)).isEqualTo(reason);
    }

    @Test
    void readsTheTenantFromAnAttributeOrTheMessageGroup() {
        Attribute acme = new Attribute(Attribute.Type.STRING, "acme");
        Attributes named = Attributes.of(Map.of("customer", acme));
        Attributes group = Attributes.of(Map.of(Attribute.MESSAGE_GROUP, acme));

        assertThat(only("\"attribute:customer\"", named)).isInstanceOf(Row.class);
        assertThat(only("message-group", group)).isInstanceOf(Row.class);
        assertThat(((Rejection) only("message-group", named)).reason()).isEqualTo(Reason.NO_TENANT);
        assertThat(spec("message-group").attributes()).contains(Attribute.MESSAGE_GROUP);
    }

    @Test
    void masksAttributesWithTheTenantsKeysToo() {
        Attributes mail = Attributes.of(Map.of("mail", new Attribute(Attribute.Type.STRING, "someone")));
        byte[] body =
                "[{\"tenant\":\"acme\"},{\"tenant\":\"emca\"},{\"tenant\":\"acme\"}]".getBytes(StandardCharsets.UTF_8);
        List<Outcome> outcomes = mapper("/tenant").map("m", TestMappers.SENT_AT, body, mail);

        assertThat(outcomes)
                .extracting(outcome -> keyset(((Row) outcome).value(3)))
                .containsExactly("p.mail@acme", "p.mail@emca", "p.mail@acme");
    }

    @Test
    void sealsRejectedRecordsForTheirTenantAndReplaysThemUnderTheSameKeys() {
        Keysets keys = file.read();
        Outcome rejected = TestMappers.only(mapper("/tenant"), "{\"tenant\":\"acme\",\"ip\":\"none\"}");
        byte[] sealed = rejected.original().seal();
        Original.Binding binding = rejected.original().binding();

        assertThat(keys.holding(keyId(sealed)).tenant()).contains("acme");
        Remapper remapper = Mappers.remapper(spec("/tenant"), keys);
        assertThat(remapper.remap(
                        binding,
                        Objects.requireNonNull(binding.protection()),
                        TestMappers.SENT_AT,
                        0,
                        Form.RECORD,
                        sealed))
                .hasValueSatisfying(outcomes -> assertThat(outcomes)
                        .singleElement()
                        .isInstanceOfSatisfying(Rejection.class, again -> assertThat(again.reason())
                                .isEqualTo(Reason.INVALID_IP)));

        file.destroyTenant("acme");
        assertThat(Mappers.remapper(spec("/tenant"), file.read())
                        .remap(
                                binding,
                                Objects.requireNonNull(binding.protection()),
                                TestMappers.SENT_AT,
                                0,
                                Form.RECORD,
                                sealed))
                .isEmpty();
    }

    @Test
    void aRecordOfAnUnknownTenantIsReplayedOnceTheTenantHasKeys() {
        Outcome rejected = TestMappers.only(mapper("/tenant"), "{\"tenant\":\"late\",\"ip\":\"192.0.2.1\"}");
        byte[] sealed = rejected.original().seal();
        file.create(wanted("late"), true);

        assertThat(Mappers.remapper(spec("/tenant"), file.read())
                        .remap(
                                rejected.original().binding(),
                                Objects.requireNonNull(
                                        rejected.original().binding().protection()),
                                TestMappers.SENT_AT,
                                0,
                                Form.RECORD,
                                sealed))
                .hasValueSatisfying(outcomes ->
                        assertThat(keyset(((Row) outcomes.get(0)).value(1))).isEqualTo("p.ip@late"));
    }

    @Test
    void destroyingATenantLeavesTheOthersAlone() {
        Row acme = row(mapper("/tenant"), "{\"tenant\":\"acme\",\"ip\":\"192.0.2.1\"}");
        Row emca = row(mapper("/tenant"), "{\"tenant\":\"emca\",\"ip\":\"192.0.2.1\"}");

        file.destroyTenant("acme");

        Keysets keys = file.read();
        assertThat(TestMappers.valueOrReason(mapper("/tenant"), "{\"tenant\":\"acme\"}"))
                .isEqualTo(Reason.DESTROYED_TENANT);
        assertThat(recover(keys, emca)).isEqualTo(new Recovered.Clear("192.0.2.1"));
        assertThat(keys.holding(Tokens.keyId(text(acme)).orElseThrow()).tenant())
                .isEmpty();
        assertThat(keys.find(Tokens.keyId(text(acme)).orElseThrow()))
                .hasValueSatisfying(key -> assertThat(key.status().label()).isEqualTo("destroyed"));
    }

    @Test
    void aTenantThatLacksOneOfItsKeysetsIsFoundAtStart() {
        Map<String, KeyKind> incomplete = wanted("half");
        incomplete.remove(KeysetName.of("p.device", "half"));
        file.create(incomplete, true);

        assertThatThrownBy(() -> mapper("/tenant"))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("has no keyset 'p.device@half'");
    }

    @Test
    void idsOfTwoTenantsAreNoDuplicates() {
        String byId = SPEC.formatted(", idempotency-key: \"field:id\"", "/tenant");
        Map<String, KeyKind> keys = wanted();
        keys.put(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH);
        file.create(keys, true);
        Mapper mapper = Mappers.compile(SpecReader.read("x", byId), file.read());

        byte[] acme = key(mapper, "{\"tenant\":\"acme\",\"id\":1}");
        assertThat(key(mapper, "{\"id\":1,\"tenant\":\"acme\",\"ip\":\"192.0.2.1\"}"))
                .isEqualTo(acme);
        assertThat(key(mapper, "{\"tenant\":\"emca\",\"id\":1}")).isNotEqualTo(acme);
        assertThat(key(mapper, "{\"tenant\":\"acme\",\"id\":2}")).isNotEqualTo(acme);
    }

    @Test
    void throwAwayKeysKnowEveryTenant() {
        Mapper mapper = Mappers.compile(
                spec("/tenant"),
                Keysets.ephemeral(Map.of(
                        "p.ip", KeyKind.DETERMINISTIC_AEAD,
                        "p.device", KeyKind.KEYED_HASH,
                        "p.mail", KeyKind.DETERMINISTIC_AEAD)));

        assertThat(row(mapper, "{\"tenant\":\"any\",\"ip\":\"192.0.2.1\"}").value(1))
                .isEqualTo(
                        row(mapper, "{\"tenant\":\"any\",\"ip\":\"192.0.2.1\"}").value(1))
                .isNotEqualTo(row(mapper, "{\"tenant\":\"other\",\"ip\":\"192.0.2.1\"}")
                        .value(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tenant", "/", "\"attribute:\"", "\"attribute:AWS.x\"", "Message-Group", "\"field:tenant\""})
    void takesNothingElseForTheTenant(String by) {
        assertThatThrownBy(() -> spec(by))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("keys.by");
    }

    @Test
    void theTenantsFieldMayBeAColumnToo() {
        PipelineSpec both = SpecReader.read("x", SPEC.formatted("", "/label"));
        assertThat(row(Mappers.compile(both, file.read()), "{\"label\":\"acme\"}")
                        .value(0))
                .isEqualTo("acme");
    }

    private Outcome only(String by, Attributes attributes) {
        return mapper(by)
                .map("m", TestMappers.SENT_AT, "{\"ip\":\"192.0.2.1\"}".getBytes(StandardCharsets.UTF_8), attributes)
                .get(0);
    }

    private static byte[] key(Mapper mapper, String body) {
        return Objects.requireNonNull(TestMappers.only(mapper, body).original().idempotencyKey());
    }

    private static Row row(Mapper mapper, String body) {
        return (Row) TestMappers.only(mapper, body);
    }

    private static Recovered recover(Keysets keys, Row row) {
        Keysets holding = keys.holding(Tokens.keyId(text(row)).orElseThrow());
        PipelineSpec spec = spec("/tenant");
        ReversibleMask mask = (ReversibleMask)
                Objects.requireNonNull(Mappers.mask(spec, spec.columns().get(1), holding));
        return mask.recover(text(row));
    }

    private static String text(Row row) {
        return (String) Objects.requireNonNull(row.value(1));
    }

    private String keyset(@Nullable Object token) {
        return file.read()
                .find(Tokens.keyId((String) Objects.requireNonNull(token)).orElseThrow())
                .orElseThrow()
                .keyset();
    }

    private static int keyId(byte[] sealed) {
        return ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt();
    }

    private Mapper mapper(String by) {
        return Mappers.compile(spec(by), file.read());
    }

    private static PipelineSpec spec(String by) {
        return SpecReader.read("x", SPEC.formatted("", by));
    }

    private static Map<String, KeyKind> wanted(String... tenants) {
        Map<String, KeyKind> wanted = new HashMap<>();
        for (String tenant : tenants) {
            wanted.put(KeysetName.of("p.ip", tenant), KeyKind.DETERMINISTIC_AEAD);
            wanted.put(KeysetName.of("p.device", tenant), KeyKind.KEYED_HASH);
            wanted.put(KeysetName.of("p.mail", tenant), KeyKind.DETERMINISTIC_AEAD);
            wanted.put(KeysetName.of(Keysets.QUARANTINE, tenant), KeyKind.SEALING);
        }
        return wanted;
    }
}
