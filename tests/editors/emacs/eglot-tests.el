;;; eglot-tests.el --- fimls in Emacs by eglot  -*- lexical-binding: t -*-

;;; Code:

(require 'session)

;; What is asked of the user in a window is agreed to here.
(setq eglot-confirm-server-edits nil)

(defun eglot-tests-connect ()
  "Visit the file and wait for the server, which `eglot-ensure' starts after the next command."
  (session-visit)
  (run-hooks 'post-command-hook)
  (session-wait-for (eglot-current-server)))

(ert-deftest eglot-handshake ()
  (let ((server (eglot-tests-connect)))
    (should (equal (plist-get (eglot--server-info server) :name) "fimls"))
    (should (equal (plist-get (eglot--capabilities server) :positionEncoding) "utf-32"))
    (should (eglot-server-capable :codeActionProvider))))

(ert-deftest eglot-completion ()
  (eglot-tests-connect)
  (let ((before (session-text-before "return ")))
    (completion-at-point)
    (should (equal (buffer-substring-no-properties (point-min) (point))
                   (concat before "net + vat")))))

(ert-deftest eglot-completion-behind-an-astral-character ()
  (eglot-tests-connect)
  (session-text-before "vat = ")
  (delete-char 1)
  (completion-at-point)
  (should (equal (buffer-substring-no-properties (line-beginning-position) (line-end-position))
                 "icon = '😀'; vat = net + vat")))

(ert-deftest eglot-code-action ()
  (let* ((server (eglot-tests-connect))
         (before (session-text-before "doubles"))
         (found (eglot-code-actions (point) (point)))
         (action (seq-find (lambda (each)
                             (equal (plist-get each :title) "Turn comment into code"))
                           found)))
    (eglot-execute server action)
    (should (equal (buffer-substring-no-properties (point-min) (point-max))
                   (concat before "\ndef double(value):\n    return value * 2\n")))))

(ert-deftest eglot-end ()
  (let ((server (eglot-tests-connect)))
    (eglot-shutdown server)
    (should-not (jsonrpc-running-p server))))

;;; eglot-tests.el ends here
