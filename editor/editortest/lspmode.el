;;; lspmode.el -*- lexical-binding: t -*-
;; lsp-mode, as emacs.el wants it.

(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'lsp-go)
(setq lsp-go-gopls-server-path (getenv "EDITORTEST_GOPLS"))

(defun editortest-start ()
  ;; It would ask where the project is, and remember the answer.
  (lsp-workspace-folders-add (expand-file-name (locate-dominating-file buffer-file-name "go.mod")))
  (lsp))

(defun editortest-found ()
  (mapcar (lambda (d)
            (list (lsp--position-to-point (lsp:range-start (lsp:diagnostic-range d)))
                  (pcase (lsp:diagnostic-severity? d) (1 "E") (2 "W") (_ "I"))
                  (lsp:diagnostic-message d)))
          (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics))))

(defun editortest-hover (text)
  (save-window-excursion
    (lsp-describe-thing-at-point))
  (editortest-shows text (get-buffer "*lsp-help*")))
