package io.camure;

/** The coordinator and this node have no version of the protocol in common: one of them must be updated. */
public final class ProtocolVersionException extends CamureException {

    private static final long serialVersionUID = 1L;

    public ProtocolVersionException(String message) {
        super(message);
    }
}
