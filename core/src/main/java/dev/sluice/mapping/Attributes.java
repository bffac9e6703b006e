package dev.sluice.mapping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The message attributes that a pipeline reads: values beside the body, personal data like it. Immutable; shows how many
 * there are, never a name's value.
 */
public final class Attributes {

    /** No attributes. */
    public static final Attributes NONE = new Attributes(new TreeMap<>());

    /** SQS quotas: a message has at most 10. */
    public static final int MAX_PER_MESSAGE = 10;

    /** First byte of {@link #frame}: no JSON, and no text that SQS takes, begins with it. */
    private static final byte FRAME = 0;

    private static final byte FRAME_VERSION = 1;

    private final SortedMap<String, Attribute> byName;

    private Attributes(SortedMap<String, Attribute> byName) {
        this.byName = Collections.unmodifiableSortedMap(byName);
    }

    /** @param byName copied; names as SQS takes them */
    public static Attributes of(Map<String, Attribute> byName) {
        return byName.isEmpty() ? NONE : new Attributes(new TreeMap<>(byName));
    }

    /** The attribute of that name; null if the message has none. Names are case-sensitive. */
    public @Nullable Attribute get(String name) {
        return byName.get(name);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** All of them, by name. */
    public Map<String, Attribute> byName() {
        return byName;
    }

    /** Those of the given names only. */
    Attributes only(Collection<String> names) {
        if (byName.isEmpty() || names.containsAll(byName.keySet())) {
            return this;
        }
        SortedMap<String, Attribute> kept = new TreeMap<>(byName);
        kept.keySet().retainAll(names);
        return of(kept);
    }

    /** How much memory they take, about: a byte per character. */
    public int bytes() {
        int sum = 0;
        for (Map.Entry<String, Attribute> attribute : byName.entrySet()) {
            sum += attribute.getKey().length() + attribute.getValue().text().length();
        }
        return sum;
    }

    /**
     * The bytes, preceded by these attributes, in a form that {@link Framed#parse} takes apart. Without attributes, the
     * bytes alone.
     */
    byte[] frame(Body clear) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream(clear.length() + 64);
        if (needsFrame(clear)) {
            try (DataOutputStream out = new DataOutputStream(framed)) {
                writeTo(out);
            } catch (IOException inMemory) {
                throw new UncheckedIOException(inMemory);
            }
        }
        framed.write(clear.buffer(), clear.offset(), clear.length());
        return framed.toByteArray();
    }

    /** Whether {@link #frame} changes those bytes. */
    boolean needsFrame(Body clear) {
        return !isEmpty() || (clear.length() > 0 && clear.buffer()[clear.offset()] == FRAME);
    }

    /** Characters as they are, since UTF-8 would alter half of a surrogate pair, which a replay must reject again. */
    private void writeTo(DataOutputStream out) throws IOException {
        out.writeByte(FRAME);
        out.writeByte(FRAME_VERSION);
        out.writeInt(byName.size());
        for (Map.Entry<String, Attribute> attribute : byName.entrySet()) {
            writeTo(out, attribute.getKey());
            writeTo(out, attribute.getValue().type().name());
            writeTo(out, attribute.getValue().text());
        }
    }

    private static void writeTo(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.writeChars(text);
    }

    /** Shows how many there are. */
    @Override
    public String toString() {
        return "Attributes[" + byName.size() + "]";
    }

    /**
     * What {@link #frame} put together.
     *
     * @param bytes without the attributes
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Framed(Attributes attributes, byte[] bytes) {

        /** Bytes without a frame have no attributes: originals that were sealed before attributes could be read. */
        static Framed parse(byte[] framed) {
            if (framed.length < 2 || framed[0] != FRAME || framed[1] != FRAME_VERSION) {
                return new Framed(NONE, framed);
            }
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(framed, 2, framed.length))) {
                SortedMap<String, Attribute> byName = new TreeMap<>();
                for (int left = in.readInt(); left > 0; left--) {
                    byName.put(text(in), new Attribute(Attribute.Type.valueOf(text(in)), text(in)));
                }
                return new Framed(of(byName), in.readAllBytes());
            } catch (IOException | IllegalArgumentException notAFrame) {
                return new Framed(NONE, framed);
            }
        }

        private static String text(DataInputStream in) throws IOException {
            int length = in.readInt();
            if (length < 0 || length > in.available() / Character.BYTES) {
                throw new IOException("not a frame");
            }
            StringBuilder text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.append(in.readChar());
            }
            return text.toString();
        }

        /** Shows sizes, never the content. */
        @Override
        public String toString() {
            return "Framed[" + attributes + ", " + bytes.length + " bytes]";
        }
    }
}
