package dev.sluice.draft;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the names of a field and of the objects around it say about its values. */
@SuppressWarnings("ImmutableEnumChecker") // Set.of makes the sets
enum Hint {
    /** Never to be stored, not even masked so that it can be recovered. */
    SECRET(Set.of(
            "password",
            "passwd",
            "pwd",
            "secret",
            "pin",
            "cvv",
            "cvc",
            "otp",
            "apikey",
            "credential",
            "credentials",
            "auth",
            "authorization",
            "cookie",
            "jwt")),
    /** Identifies a person, or belongs to one. */
    PERSONAL(Set.of(
            "email",
            "mail",
            "phone",
            "telephone",
            "tel",
            "mobile",
            "msisdn",
            "cell",
            "fax",
            "ip",
            "ipaddress",
            "ipv4",
            "ipv6",
            "mac",
            "name",
            "firstname",
            "lastname",
            "fullname",
            "surname",
            "username",
            "nickname",
            "login",
            "handle",
            "birth",
            "birthday",
            "birthdate",
            "dob",
            "gender",
            "sex",
            "age",
            "ssn",
            "nin",
            "passport",
            "license",
            "licence",
            "tax",
            "vat",
            "iban",
            "bic",
            "swift",
            "card",
            "pan",
            "account",
            "address",
            "street",
            "city",
            "zip",
            "zipcode",
            "postcode",
            "postal",
            "lat",
            "latitude",
            "lon",
            "lng",
            "longitude",
            "geo",
            "location",
            "coordinates",
            "imei",
            "imsi",
            "iccid",
            "idfa",
            "gaid",
            "udid",
            "serial",
            "plate",
            "fingerprint",
            "token",
            "session",
            "useragent",
            "user",
            "customer",
            "client",
            "member",
            "person",
            "people",
            "patient",
            "employee",
            "subscriber",
            "visitor",
            "device",
            "profile",
            "player",
            "driver",
            "guest",
            "owner",
            "author",
            "sender",
            "recipient",
            "contact",
            "buyer",
            "seller",
            "payer",
            "payee",
            "host",
            "hostname",
            "comment",
            "message",
            "note",
            "notes",
            "text",
            "bio",
            "subject",
            "url",
            "uri",
            "referrer",
            "referer",
            "query",
            "search",
            "photo",
            "avatar",
            "health",
            "diagnosis",
            "religion",
            "ethnicity",
            "identity",
            "national")),
    /** Describes the event, not a person. */
    HARMLESS(Set.of(
            "type",
            "status",
            "state",
            "currency",
            "country",
            "locale",
            "language",
            "lang",
            "version",
            "platform",
            "os",
            "kind",
            "category",
            "event",
            "level",
            "unit",
            "sku",
            "method",
            "action",
            "channel",
            "region",
            "source",
            "tier",
            "plan",
            "code",
            "reason",
            "result",
            "color",
            "colour",
            "size")),
    NONE(Set.of());

    private static final Pattern WORD_BREAK = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^\\p{L}\\p{N}]+");

    private final Set<String> words;

    Hint(Set<String> words) {
        this.words = words;
    }

    /**
     * The strongest hint of a path: secret, then personal. Harmless only by the field's own name, and only if no other
     * word is personal but its device's or user's type and the like.
     */
    static Hint of(List<String> path) {
        List<String> own = words(path.get(path.size() - 1));
        List<String> all = path.stream().flatMap(name -> words(name).stream()).toList();
        String last = own.isEmpty() ? "" : own.get(own.size() - 1);
        if (anyOf(SECRET, all)) {
            return SECRET;
        }
        boolean harmless = HARMLESS.words.contains(last);
        if (anyOf(PERSONAL, all)) {
            return harmless && !anyOf(PERSONAL, own.subList(own.size() - 1, own.size())) ? HARMLESS : PERSONAL;
        }
        return harmless ? HARMLESS : NONE;
    }

    /** Whether the name says that the value is a point in time. */
    static boolean isTime(List<String> path) {
        List<String> own = words(path.get(path.size() - 1));
        return own.stream()
                .anyMatch(
                        Set.of("at", "time", "timestamp", "ts", "ms", "millis", "date", "created", "updated", "epoch")
                                ::contains);
    }

    /** Whether the name says that the value identifies the event or a thing. */
    static boolean isId(List<String> path) {
        List<String> own = words(path.get(path.size() - 1));
        return !own.isEmpty() && Set.of("id", "uuid", "guid").contains(own.get(own.size() - 1));
    }

    private static boolean anyOf(Hint hint, List<String> words) {
        return words.stream().anyMatch(word -> hint.words.contains(word) || hint.words.contains(singular(word)))
                || hint.words.contains(String.join("", words));
    }

    private static String singular(String word) {
        return word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }

    static List<String> words(String name) {
        return WORD_BREAK
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toList());
    }
}
