;;; lsp-mode-tests.el --- fimls in Emacs by lsp-mode  -*- lexical-binding: t -*-

;;; Code:

(require 'session)

;; Which folder is the project is asked in a window; here it is the one with .git.
(setq lsp-auto-guess-root t)

(defun lsp-mode-tests-connect ()
  "Visit the file and wait for the server."
  (session-visit)
  (session-wait-for (and lsp--buffer-workspaces
                         (eq 'initialized (lsp--workspace-status (car lsp--buffer-workspaces)))))
  (car lsp--buffer-workspaces))

(ert-deftest lsp-mode-handshake ()
  (let ((workspace (lsp-mode-tests-connect)))
    (should (equal (lsp--workspace-server-id workspace) 'fimls))
    (should (equal (lsp:server-capabilities-position-encoding?
                    (lsp--workspace-server-capabilities workspace))
                   "utf-32"))
    (should lsp-inline-completion-mode)))

(ert-deftest lsp-mode-ghost-text ()
  (lsp-mode-tests-connect)
  (let ((before (session-text-before "return ")))
    (lsp-inline-completion-display)
    (should (string-suffix-p "net + vat"
                             (overlay-get lsp-inline-completion--overlay 'after-string)))
    (lsp-inline-completion-accept)
    (should (equal (buffer-substring-no-properties (point-min) (point))
                   (concat before "net + vat")))))

(ert-deftest lsp-mode-ghost-text-behind-an-astral-character ()
  (lsp-mode-tests-connect)
  (session-text-before "vat = ")
  (delete-char 1)
  (lsp-inline-completion-display)
  (lsp-inline-completion-accept)
  (should (equal (buffer-substring-no-properties (line-beginning-position) (line-end-position))
                 "icon = '😀'; vat = net + vat")))

(ert-deftest lsp-mode-code-action ()
  (lsp-mode-tests-connect)
  (let ((before (session-text-before "doubles")))
    (lsp-execute-code-action-by-kind "refactor.rewrite.fimls.generate")
    (should (equal (buffer-substring-no-properties (point-min) (point-max))
                   (concat before "\ndef double(value):\n    return value * 2\n")))))

(ert-deftest lsp-mode-end ()
  (let* ((workspace (lsp-mode-tests-connect))
         (process (lsp--workspace-proc workspace)))
    (lsp-workspace-shutdown workspace)
    (session-wait-for (not (process-live-p process)))
    (session-wait-for (not lsp--buffer-workspaces))))

;;; lsp-mode-tests.el ends here
