package io.camure.spring.boot.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a browser may do with the page: run its script, read the endpoint, and nothing else. Names that came from other nodes could
 * do nothing even if they got into the document as markup, and no other site can frame the page to have its buttons pressed.
 */
final class PageHeaders {

    private PageHeaders() {}

    /**
     * @param style of the document, as it is between its tags
     * @param script of the document, as it is between its tags
     */
    static Map<String, String> of(String style, String script) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(style)
                        + "; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        return headers;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
