package io.camure.spring.session;

/** What the beans of sessions and groups are called. */
public final class BeanNames {

    private BeanNames() {}

    /**
     * The name of a bean that belongs to a session.
     *
     * @param session as in {@code camure.sessions}, or {@code default}
     * @param suffix what the bean is
     * @return {@code newOrdersMember} for a session {@code new-orders} and {@code Member}, {@code camureMember} for the one that
     *     is configured without a name
     */
    public static String ofSession(String session, String suffix) {
        return (session.equals(SessionDefinition.DEFAULT_SESSION) ? "camure" : identifier(session)) + suffix;
    }

    /** {@code start-line} → {@code startLine}; a name that is an identifier stays as it is. */
    public static String identifier(String name) {
        StringBuilder identifier = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (!Character.isJavaIdentifierPart(c)) {
                upper = !identifier.isEmpty();
            } else {
                identifier.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return identifier.toString();
    }
}
