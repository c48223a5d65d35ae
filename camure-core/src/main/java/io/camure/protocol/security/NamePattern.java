package io.camure.protocol.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A DNS name that certificates may have among their subject alternative names, or all names with one label more, as RFC 9525 (6.3)
 * has it: a wildcard is the whole left-most label, and stands for one label. Names are compared as ASCII, in any case; those with
 * other characters are written as certificates have them ({@code xn--…}). The common name of a subject says nothing.
 *
 * @param name in lower case
 */
public record NamePattern(String name) {

    private static final String WILDCARD = "*.";
    private static final int DNS_NAME = 2;
    private static final Pattern VALID = Pattern.compile("(\\*\\.)?[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");
    private static final int LONGEST = 253;

    /** @throws IllegalArgumentException when it is no such pattern */
    public static NamePattern of(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST || !VALID.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + written + "' is no DNS name, such as orders.batch.example, and no pattern of"
                            + " such names, such as *.batch.example, whose * is the whole first label");
        }
        return new NamePattern(name);
    }

    /** The DNS names among the subject alternative names of a certificate; none of one whose extension can't be read. */
    public static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    if (each.get(0).equals(DNS_NAME)) {
                        names.add((String) each.get(1));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    /** Whether a name in a certificate is this one, or one of those that it stands for; either may have a wildcard. */
    public boolean matches(String presented) {
        String other = presented.toLowerCase(Locale.ROOT);
        return other.equals(name) || covers(name, other) || covers(other, name);
    }

    private static boolean covers(String wildcard, String other) {
        int label = other.indexOf('.');
        return wildcard.startsWith(WILDCARD)
                && !other.startsWith(WILDCARD)
                && label > 0
                && other.substring(label).equals(wildcard.substring(1));
    }

    /** As it was written, in lower case. */
    @Override
    public String toString() {
        return name;
    }
}
