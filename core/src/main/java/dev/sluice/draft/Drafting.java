package dev.sluice.draft;

import dev.sluice.detect.PersonalData;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.Convert;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Walks the fields of samples and decides on a column for each. In doubt a text is masked. Used once, by one thread. */
final class Drafting {

    /** PostgreSQL allows 1,600 columns; nobody reads a draft of so many. */
    private static final int MAX_COLUMNS = 500;

    /** One type of at least four in five values is the field's; the others are faults of their producer. */
    private static final double MAJORITY = 0.8;

    private static final int FEW_VALUES = 5;
    private static final int MAX_MAP_CHILDREN = 100;
    private static final int MAX_NAME = 100;
    private static final int SHORT_TEXT = 64;
    private static final int MAX_PRECISION = 1_000;
    private static final long MAX_INTEGER = 10_000_000;

    /** 2001 to 2100, in seconds and in milliseconds since 1970. */
    private static final long FIRST_SECOND = 1_000_000_000L;

    private static final long LAST_SECOND = 4_102_444_800L;

    /** Digits that a person or an order is numbered with, not a field. */
    private static final Pattern NUMBERED = Pattern.compile(".*(@|[0-9]{5}).*", Pattern.DOTALL);

    private static final int[] WIDTHS = {16, 32, 64, 128, 256, 512, 1024, 2048, 4096};

    final List<DraftColumn> columns = new ArrayList<>();
    final List<Omission> omissions = new ArrayList<>();
    private final ColumnNames names = new ColumnNames();
    private final long records;
    private long beyondLimit;

    private Drafting(long records) {
        this.records = records;
    }

    static Drafting of(Field root) {
        Drafting drafting = new Drafting(root.objects);
        drafting.children(List.of(), root);
        if (drafting.beyondLimit > 0) {
            drafting.omit("..", drafting.beyondLimit + " more fields: a draft has at most " + MAX_COLUMNS + " columns");
        }
        return drafting;
    }

    private void children(List<String> path, Field object) {
        long personal =
                object.children.keySet().stream().filter(Drafting::isData).count();
        if (personal > 0) {
            omit(shown(path), personal + " fields whose names look like data: a name cannot be masked");
        }
        if (object.tooManyChildren) {
            omit(shown(path), "fields beyond the first 2,000");
        }
        object.children.forEach((name, child) -> {
            if (!isData(name)) {
                visit(Stream.concat(path.stream(), Stream.of(name)).toList(), child);
            }
        });
    }

    private void visit(List<String> path, Field field) {
        if (columns.size() >= MAX_COLUMNS) {
            beyondLimit++;
        } else if (field.values() == 0) {
            omit(shown(path), "always null: its type is unknown");
        } else if (field.objects == field.values() && !field.children.isEmpty() && !isMap(field)) {
            children(path, field);
        } else if (isMostly(field, field.texts)) {
            text(path, field);
        } else if (isMostly(field, field.numbers())) {
            number(path, field);
        } else if (isMostly(field, field.booleans)) {
            column(path, field, "boolean", null, odd(field, field.booleans));
        } else if (isHarmless(path, field)) {
            column(path, field, "jsonb", null, "");
        } else {
            omit(shown(path), "values of several kinds that may be personal: jsonb cannot be masked");
        }
    }

    private static boolean isMap(Field field) {
        return field.tooManyChildren
                || field.children.size() > MAX_MAP_CHILDREN
                || field.children.keySet().stream().anyMatch(Drafting::isData);
    }

    private static boolean isMostly(Field field, long ofOneKind) {
        return ofOneKind > 0
                && (ofOneKind == field.values()
                        || (field.values() >= FEW_VALUES && ofOneKind >= MAJORITY * field.values()));
    }

    /** Whether a name may be a value: a map keyed by address, user or order. */
    private static boolean isData(String name) {
        return name.length() > MAX_NAME
                || NUMBERED.matcher(name).matches()
                || Simple.UUID.reads(name)
                || Arrays.stream(PersonalData.values()).anyMatch(kind -> kind.matches(name));
    }

    private void text(List<String> path, Field field) {
        Optional<PersonalData> kind = kind(field);
        Hint hint = Hint.of(path);
        if (hint == Hint.SECRET) {
            omit(shown(path), "its name says that it is a secret");
        } else if (kind.isPresent()) {
            mask(
                    path,
                    field,
                    kind.get(),
                    field.scan.matching(kind.get()) + " of " + field.texts + " values look like "
                            + kind.get().plural());
        } else if (hint == Hint.PERSONAL) {
            mask(path, field, null, "its name may be that of personal data");
        } else {
            harmlessText(path, field, clearType(path, field, hint));
        }
    }

    /** @param type of a text that may be stored in clear; null if it may not */
    private void harmlessText(List<String> path, Field field, @Nullable String type) {
        if (type == null) {
            mask(path, field, null, "a text that is not known to be harmless");
        } else {
            column(path, field, type, null, odd(field, field.texts));
        }
    }

    private static Optional<PersonalData> kind(Field field) {
        return Arrays.stream(PersonalData.values())
                .filter(kind -> field.scan.matching(kind) > 0)
                .max((one, other) -> Long.compare(field.scan.matching(one), field.scan.matching(other)));
    }

    /** The type of a text that may be stored in clear; null if it may not. */
    private static @Nullable String clearType(List<String> path, Field field, Hint hint) {
        if (field.dates == field.texts) {
            return "date";
        }
        if (field.timestamps == field.texts) {
            return "timestamptz";
        }
        boolean known = hint == Hint.HARMLESS || Hint.isId(path);
        if (known && field.uuids == field.texts) {
            return "uuid";
        }
        boolean repeats = field.codes == field.texts
                && field.texts >= 2L * FEW_VALUES
                && field.distinct.size() <= field.texts / FEW_VALUES;
        return (known && field.maxChars <= SHORT_TEXT) || repeats ? varchar(field.maxChars) : null;
    }

    private static String varchar(int maxChars) {
        return Arrays.stream(WIDTHS)
                .filter(width -> width >= 2 * maxChars)
                .mapToObj(width -> "varchar(" + width + ")")
                .findFirst()
                .orElse("text");
    }

    private void mask(List<String> path, Field field, @Nullable PersonalData kind, String why) {
        boolean addresses = field.addresses == field.texts;
        CanonicalForm form = addresses ? CanonicalForm.IP : CanonicalForm.TEXT;
        if (!addresses && kind != null && field.scan.matching(kind) == field.texts) {
            form = form(kind);
        }
        columns.add(new DraftColumn(
                names.of(path),
                path,
                null,
                isRequired(field),
                null,
                kind == PersonalData.CARD ? MaskKind.KEYED_HASH : MaskKind.DETERMINISTIC_AEAD,
                form,
                2 * field.maxBytes,
                why + odd(field, field.texts)));
    }

    private static CanonicalForm form(PersonalData kind) {
        return switch (kind) {
            case EMAIL -> CanonicalForm.EMAIL;
            case IP -> CanonicalForm.IP;
            case MAC -> CanonicalForm.MAC;
            case CARD -> CanonicalForm.CARD;
            case PHONE -> CanonicalForm.PHONE;
            case IBAN -> CanonicalForm.TEXT;
        };
    }

    private void number(List<String> path, Field field) {
        Hint hint = Hint.of(path);
        if (hint == Hint.PERSONAL
                || hint == Hint.SECRET
                || !field.scan.sightings().isEmpty()) {
            omit(shown(path), "a number that may be personal, which cannot be masked: send it as a text");
        } else if (Hint.isTime(path) && field.decimals == 0 && isTime(field, 1)) {
            column(path, field, "timestamptz", Convert.EPOCH_SECONDS, odd(field, field.numbers()));
        } else if (Hint.isTime(path) && field.decimals == 0 && isTime(field, 1_000)) {
            column(path, field, "timestamptz", Convert.EPOCH_MILLIS, odd(field, field.numbers()));
        } else if (field.decimals == 0) {
            boolean small = field.minimum > -MAX_INTEGER && field.maximum < MAX_INTEGER && !Hint.isId(path);
            column(path, field, small ? "integer" : "bigint", null, odd(field, field.numbers()));
        } else {
            numeric(path, field);
        }
    }

    private static boolean isTime(Field field, long perSecond) {
        return field.minimum >= FIRST_SECOND * perSecond && field.maximum <= LAST_SECOND * perSecond;
    }

    private void numeric(List<String> path, Field field) {
        int scale = field.scale == 0 ? 0 : field.scale + 2;
        int precision = Math.max(field.integerDigits, 1) + FEW_VALUES + scale;
        if (precision > MAX_PRECISION) {
            omit(shown(path), "numbers of more digits than a column holds");
        } else {
            column(path, field, "numeric(" + precision + "," + scale + ")", null, odd(field, field.numbers()));
        }
    }

    /** Whether a value of any kind may be stored in clear as a whole. */
    private static boolean isHarmless(List<String> path, Field field) {
        Hint hint = Hint.of(path);
        boolean leafIsClear = field.texts == 0 || clearType(path, field, hint) != null;
        return (hint == Hint.HARMLESS || hint == Hint.NONE)
                && Arrays.stream(PersonalData.values()).allMatch(kind -> field.scan.matching(kind) == 0)
                && leafIsClear
                && !isMap(field)
                && field.children.entrySet().stream()
                        .allMatch(child -> isHarmless(
                                Stream.concat(
                                                path.stream(),
                                                Stream.of(child.getKey()).filter(name -> !name.isEmpty()))
                                        .toList(),
                                child.getValue()));
    }

    private void column(List<String> path, Field field, String type, @Nullable Convert convert, String why) {
        columns.add(new DraftColumn(
                names.of(path), path, type, isRequired(field), convert, null, CanonicalForm.TEXT, 0, why));
    }

    private boolean isRequired(Field field) {
        return records > 1 && field.values() == records && field.blanks == 0;
    }

    private static String odd(Field field, long ofOneKind) {
        long others = field.values() - ofOneKind;
        return others == 0
                ? ""
                : "; " + others + " of " + field.values() + " values have another type and are rejected";
    }

    private void omit(String where, String why) {
        omissions.add(new Omission(where, why));
    }

    private static String shown(List<String> path) {
        return path.isEmpty() ? "the event" : String.join("/", path);
    }
}
