;;; eglot.el -*- lexical-binding: t -*-
;; Eglot, as emacs.el wants it.

(require 'eglot)
(add-to-list 'eglot-server-programs `(go-mode ,(getenv "EDITORTEST_GOPLS")))

(defun editortest-start ()
  (call-interactively #'eglot)
  (editortest-wait (editortest-timeout) #'eglot-managed-p)
  (flymake-start))

(defun editortest-found ()
  (mapcar (lambda (d)
            (list (flymake-diagnostic-beg d)
                  (pcase (flymake-diagnostic-type d)
                    ('eglot-error "E") ('eglot-warning "W") (_ "I"))
                  (flymake-diagnostic-text d)))
          (flymake-diagnostics)))

(defun editortest-hover (text)
  (eldoc-print-current-symbol-info t)
  (editortest-wait 1 (lambda () (editortest-shows text eldoc--doc-buffer))))
