package io.camure.spring.boot.autoconfigure;

/** The application is not configured so that a session can be started, and starting again without a change is of no use. */
class CamureConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    /**
     * @param description what is wrong, naming the property, bean or method
     * @param action what to change
     */
    CamureConfigurationException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
