package dev.sluice.bench.micro;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Keep;
import dev.sluice.mask.Mask;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One value of each kind of mask and form. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskBenchmark {

    private static final int VALUES = 1024;

    /** Documentation addresses (RFC 5737), ids of the login events' shape, and example.com. */
    public enum Subject {
        AEAD_IP(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.IP, null),
        AEAD_TEXT(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.TEXT, null),
        AEAD_EMAIL(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.EMAIL, null),
        HASH_IP(MaskKind.KEYED_HASH, CanonicalForm.IP, null),
        HASH_TEXT(MaskKind.KEYED_HASH, CanonicalForm.TEXT, null),
        GENERALIZE_IP(MaskKind.GENERALIZE, CanonicalForm.IP, null),
        PARTIAL_EMAIL(MaskKind.PARTIAL, CanonicalForm.EMAIL, Keep.DOMAIN),
        SHA256_TEXT(MaskKind.SHA256, CanonicalForm.TEXT, null);

        private final MaskKind kind;
        private final CanonicalForm form;
        private final @Nullable Keep keep;

        Subject(MaskKind kind, CanonicalForm form, @Nullable Keep keep) {
            this.kind = kind;
            this.form = form;
            this.keep = keep;
        }

        private MaskSpec spec() {
            return new MaskSpec(kind, form, kind == MaskKind.SHA256, null, Set.of(), null, keep);
        }

        private Keysets keys() {
            KeyKind keyKind = Masks.keyKind(kind);
            return Keysets.ephemeral(keyKind == null ? Map.of() : Map.of("bench.value", keyKind));
        }

        private String clear(int number) {
            return switch (form) {
                case IP -> "198.51.100." + number % 256;
                case EMAIL -> "person" + number + "@example.com";
                case TEXT, PHONE, MAC, CARD -> "593-47-" + (1_000 + number);
            };
        }
    }

    @Param
    public Subject subject = Subject.AEAD_IP;

    private final String[] values = new String[VALUES];
    private Mask mask = clear -> null;
    private int next;

    @Setup
    public void create() {
        mask = Masks.of(subject.spec(), "bench", "value", subject.keys());
        for (int value = 0; value < VALUES; value++) {
            values[value] = subject.clear(value);
        }
    }

    @Benchmark
    public @Nullable String mask() {
        next = (next + 1) % VALUES;
        return mask.mask(values[next]);
    }
}
