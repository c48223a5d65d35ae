package io.camure;

/**
 * The coordinator's session has another name than the one that this node is configured to be in, or only one of both has a
 * name: the address is that of another environment, or one of the configurations must change.
 */
public final class SessionNameMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    public SessionNameMismatchException(String message) {
        super(message);
    }
}
